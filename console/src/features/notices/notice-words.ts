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

/** What a notice tells: why it is one, and what happened where that says more. */
export function useNoticeWords(): (notice: Notice, words: KindWords) => { title: string; line: string } {
  const title = useNoticeTitle();
  const line = useNoticeLine();
  return (notice, words) => ({ title: title(notice, words), line: line(notice, words) });
}

function useNoticeTitle(): (notice: Notice, words: KindWords) => string {
  const { t } = useLingui();
  const event = useEventWord();
  const decision = useDecisionWord();
  return (notice, words) => {
    const { entry } = notice;
    const promise = typeof entry.data?.target === "string" ? words.target(entry.data.target) : "";
    const stage = entry.from ? words.stage(entry.from.stage) : "";
    switch (notice.event) {
      case "breach":
        if (entry.sort === "warned") return t`Promise nearly broken: ${promise}`;
        if (entry.sort === "breached") return t`Promise broken: ${promise}`;
        if (entry.sort === "stalled") return t`No sign of life for too long in “${stage}”`;
        return t`The time limit of “${stage}” is up`;
      case "contradiction":
        if (entry.sort === "unmapped") return t`A report with a code that nobody has explained yet`;
        return t`A report contradicts where it stands`;
      case "approval":
        return notice.approval === "open" ? event(notice.event) : t`Your approval was asked for`;
      case "decision":
        return decision(notice, entry.transition ? words.transition(entry.transition) : "");
      default:
        return event(notice.event);
    }
  };
}

/** What was said to what the reader asked for; a yes may be one of several. */
function useDecisionWord(): (notice: Notice, transition: string) => string {
  const { t } = useLingui();
  return ({ entry, approval }, transition) => {
    if (entry.sort === "declined") return t`“${transition}” declined`;
    if (approval === "open") return t`“${transition}” approved by one of several: it waits for the others`;
    if (approval === "made" || approval === null) return t`“${transition}” approved`;
    return t`“${transition}” approved by one of several: it was not made`;
  };
}

function useNoticeLine(): (notice: Notice, words: KindWords) => string {
  const { t } = useLingui();
  const asked = useAskedWord();
  const reason = useReasonWords();
  const assignee = useAssigneeWord();
  return ({ entry, approval }, words) => {
    const step = entry.transition ? words.transition(entry.transition) : "";
    const why = entry.reason ? ` · ${reason(entry.reason).internal}` : "";
    switch (entry.sort) {
      case "moved": {
        const way = `${entry.from ? words.stage(entry.from.stage) : ""} → ${entry.to ? words.stage(entry.to.stage) : ""}`;
        return `${step ? `${step}: ` : ""}${way}${why}`;
      }
      case "asked":
        return `${asked(approval, step)}${why}`;
      case "assigned": {
        const names = entry.about.map(assignee).join(", ");
        return t`Assigned to ${names}`;
      }
      default:
        return "";
    }
  };
}

/** What became of a move that was asked for. */
function useAskedWord(): (approval: Notice["approval"], transition: string) => string {
  const { t } = useLingui();
  return (approval, transition) => {
    switch (approval) {
      case "made":
        return t`“${transition}” approved`;
      case "declined":
        return t`“${transition}” declined`;
      case "withdrawn":
        return t`“${transition}” withdrawn by who asked for it`;
      case "expired":
        return t`“${transition}” expired: not all approvals came in time`;
      case "void":
        return t`“${transition}” is void: the operation has changed since`;
      default:
        return t`“${transition}” waits for approval`;
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
