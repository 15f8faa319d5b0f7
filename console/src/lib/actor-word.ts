import { useLingui } from "@lingui/react/macro";
import type { Who } from "~/api/generated/model/who";
import { wordFromName } from "./words";

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
      case "target":
        return t`the promise`;
      case "sweeper":
        return t`the watch for what is stuck`;
      default:
        return actor.name;
    }
  };
}
