import { useLingui } from "@lingui/react/macro";
import type { PromiseStanding } from "~/api/generated/model/promise-standing";

/** How a promise about an operation stands, in a word. */
export function useStandingWord(): (standing: PromiseStanding["standing"]) => string {
  const { t } = useLingui();
  return (standing) => {
    switch (standing) {
      case "in_time":
        return t`in time`;
      case "at_risk":
        return t`nearly late`;
      case "late":
        return t`late`;
      case "paused":
        return t`paused`;
      case "kept":
        return t`kept`;
      case "missed":
        return t`missed`;
    }
  };
}
