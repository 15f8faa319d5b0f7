import { useLingui } from "@lingui/react/macro";
import { wordFromName } from "~/lib/words";

/** What brought an entry about, in words. */
export function useCauseWord(): (cause: string) => string {
  const { t } = useLingui();
  return (cause) => {
    switch (cause) {
      case "process":
        return t`the process`;
      case "source":
        return t`a provider's report`;
      case "deadline":
        return t`the time limit`;
      case "check":
        return t`a check`;
      case "children":
        return t`the child operations`;
      case "manual":
        return t`by hand`;
      case "import":
        return t`import`;
      case "bulk":
        return t`in bulk`;
      case "undo":
        return t`undone`;
      default:
        return wordFromName(cause);
    }
  };
}
