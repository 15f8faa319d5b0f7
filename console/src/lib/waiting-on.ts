import { useLingui } from "@lingui/react/macro";
import { wordFromName } from "./words";

/** Who or what acts next, in words. */
export function useWaitingOnWord(): (waitingOn: string) => string {
  const { t } = useLingui();
  return (waitingOn) => {
    switch (waitingOn) {
      case "customer":
        return t`the customer`;
      case "counterparty":
        return t`the counterparty`;
      case "operator":
        return t`an agent`;
      case "second_approver":
        return t`a second approver`;
      case "provider":
        return t`the provider`;
      case "system":
        return t`the system`;
      case "other_team":
        return t`another team`;
      case "date":
        return t`a date`;
      default:
        return wordFromName(waitingOn);
    }
  };
}
