import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { wordFromName } from "./words";

const ROLES = {
  admin: msg`Administrator`,
  payments: msg`Payments`,
  payments_lead: msg`Payments lead`,
  kyc: msg`Identity checks (KYC)`,
  risk: msg`Risk`,
  support: msg`Support`,
  compliance: msg`Compliance`,
  auditor: msg`Auditor`,
  read_only: msg`Read only`,
  integration: msg`Integration`,
} as const;

export const ROLE_NAMES = Object.keys(ROLES);

export function useRoleName(): (role: string) => string {
  const { i18n } = useLingui();
  return (role) => (role in ROLES ? i18n._(ROLES[role as keyof typeof ROLES]) : wordFromName(role));
}
