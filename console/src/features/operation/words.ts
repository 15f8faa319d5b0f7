import { useLingui } from "@lingui/react/macro";
import type { Who } from "~/api/generated/model/who";
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

/** Who acted, by the name people know; what the system did by itself, by what it was. */
export function useActorWord(): (actor: Who) => string {
  const { t } = useLingui();
  return (actor) => {
    if (!actor.id.startsWith("system:")) return actor.name;
    const [sort = "", ...rest] = actor.id.slice("system:".length).split(":");
    const name = wordFromName(rest.join(":"));
    switch (sort) {
      case "check":
        return t`check “${name}”`;
      case "source":
        return t`source “${name}”`;
      case "deadline":
        return t`the time limit`;
      case "children":
        return t`the child operations`;
      default:
        return actor.name;
    }
  };
}
