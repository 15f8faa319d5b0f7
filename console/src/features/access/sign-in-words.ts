import { useLingui } from "@lingui/react/macro";
import { wordFromName } from "~/lib/words";

/** What a line of the record of sign-ins tells. */
export function useEventWord(): (sort: string) => string {
  const { t } = useLingui();
  return (sort) => {
    switch (sort) {
      case "signed_in":
        return t`Signed in`;
      case "refused":
        return t`Sign-in refused`;
      case "locked":
        return t`Locked for a while`;
      case "stepped_up":
        return t`Proved once more`;
      case "password_changed":
        return t`Password changed`;
      case "factor_added":
        return t`Authenticator added`;
      case "factor_removed":
        return t`Authenticator removed`;
      case "password_reset":
        return t`Password reset`;
      case "factor_reset":
        return t`Authenticator reset`;
      case "recovery_codes_renewed":
        return t`Recovery codes renewed`;
      case "sessions_ended":
        return t`Sessions ended`;
      case "identity_linked":
        return t`Provider linked`;
      case "identity_unlinked":
        return t`Provider unlinked`;
      case "roles_by_provider":
        return t`Roles set by the provider`;
      default:
        return wordFromName(sort);
    }
  };
}

/** How somebody proved who they are. */
export function useMethodWord(): (method: string) => string {
  const { t } = useLingui();
  return (method) => {
    switch (method) {
      case "password":
        return t`with a password`;
      case "code":
        return t`with a code of the authenticator`;
      case "recovery_code":
        return t`with a recovery code`;
      case "oidc":
        return t`by a provider`;
      default:
        return wordFromName(method);
    }
  };
}
