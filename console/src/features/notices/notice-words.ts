import { useLingui } from "@lingui/react/macro";
import type { Notice } from "~/api/generated/model/notice";
import type { NoticeEvent } from "~/api/generated/model/notice-event";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { wordFromName } from "~/lib/words";
import { useAssigneeWord } from "~/lib/work";

/** What an event is called. */
export function useEventWord(): (event: NoticeEvent) => string {
  const { t } = useLingui();
  return (event) => {
    switch (event) {
      case "mention":
        return t`A note calls you`;
      case "approval":
        return t`Your approval is asked for`;
      case "correction":
        return t`What you were told of was undone`;
      case "assigned":
        return t`Assigned to you or your team`;
      case "decision":
        return t`What you asked for was decided`;
      case "contradiction":
        return t`A report contradicts, or says what nobody knows`;
      case "breach":
        return t`A time limit is up`;
      case "alert":
        return t`Something is out of the ordinary`;
      case "entered":
        return t`Came to a stage`;
      case "gained":
        return t`Came into a filter`;
      case "opened":
        return t`Opened`;
      case "moved":
        return t`Any move`;
    }
  };
}

/** What happened, in one line. */
export function useNoticeLine(): (notice: Notice, words: KindWords) => string {
  const { t } = useLingui();
  const event = useEventWord();
  const reason = useReasonWords();
  const assignee = useAssigneeWord();
  return ({ entry, event: told }, words) => {
    const step = entry.transition ? words.transition(entry.transition) : null;
    const why = entry.reason ? ` · ${reason(entry.reason).internal}` : "";
    switch (entry.sort) {
      case "moved": {
        const way = `${entry.from ? words.stage(entry.from.stage) : ""} → ${entry.to ? words.stage(entry.to.stage) : ""}`;
        return `${step ? `${step}: ` : ""}${way}${why}`;
      }
      case "asked":
        return t`“${step}” waits for approval${why}`;
      case "assigned": {
        const names = entry.about.map(assignee).join(", ");
        return t`Assigned to ${names}`;
      }
      default:
        return event(told);
    }
  };
}

/** Why the reader was told. */
export function useWhyTold(): (notice: Notice) => string {
  const { t } = useLingui();
  return ({ why, event }) => {
    if (why.by === "you") {
      if (event === "approval") return t`Your approval counts for it.`;
      if (event === "correction") return t`You were told of what was undone.`;
      return t`It concerns you by name.`;
    }
    const team = why.by.startsWith("role:") ? wordFromName(why.by.slice("role:".length)) : null;
    const found = [why.query, ...why.stages].filter(Boolean).join(" · ");
    if (team) return found ? t`${team} hears of this: ${found}` : t`${team} hears of all of these.`;
    return found ? t`You subscribe to this: ${found}` : t`You subscribe to all of these.`;
  };
}
