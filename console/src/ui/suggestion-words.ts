import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { Status } from "~/api/generated/model/status";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import type { Suggestion } from "~/lib/query-language";
import { useRoleName } from "~/lib/roles";
import { STATUSES } from "~/lib/statuses";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { textIn } from "~/lib/words";
import { colleaguesOptions, PRIORITIES, type Priority, usePriorityWord } from "~/lib/work";
import { useStatusWord } from "~/ui/status-chip";

/** What a suggestion means in the reader's words; the server's own label where it says more than the text. */
export function useSuggestionWord(text: string): (option: Suggestion) => string {
  const value = useValueWord();
  const field = useFieldWord();
  return (option) => {
    const shown = option.text.trim();
    if (option.kind === "field") return field(shown) ?? (option.label === shown ? "" : option.label);
    const owner = /([\w.]+)(?::|>=|<=|>|<)[^\s]*$/.exec(text.slice(0, option.from))?.[1];
    const word = owner ? value(owner, shown) : null;
    return word ?? (option.label === shown ? "" : option.label);
  };
}

/** The reader's word for a value of a field; null where the value is its own word. */
export function useValueWord(): (field: string, value: string) => string | null {
  const { t } = useLingui();
  const language = useLanguage();
  const status = useStatusWord();
  const waitingOn = useWaitingOnWord();
  const priority = usePriorityWord();
  const assignee = useNamedWord();
  const { data } = useQuery(kindsOptions);
  const kinds = (data?.items ?? []).map((one) => one.document);
  return (field, value) => {
    switch (field) {
      case "status":
        return STATUSES.includes(value as Status) ? status(value as Status) : null;
      case "kind":
        return textIn(kinds.find((kind) => kind.kind === value)?.label, language);
      case "stage": {
        const holder = kinds.find((kind) => kind.stages[value] && kind.labels?.stages?.[value]);
        return textIn(holder?.labels?.stages?.[value], language);
      }
      case "waiting_on":
        return value === "*" ? null : waitingOn(value);
      case "is":
        return flagWord(value);
      case "priority":
        return PRIORITIES.includes(value as Priority) ? priority(value as Priority) : null;
      case "assignee":
      case "claimed_by":
        return assignee(value);
      default:
        return null;
    }
  };

  function flagWord(flag: string): string | null {
    switch (flag) {
      case "open":
        return t`not finished yet`;
      case "closed":
        return t`finished`;
      case "overdue":
        return t`past its deadline`;
      case "late":
        return t`a promise about it is broken`;
      case "at_risk":
        return t`a promise about it is nearly broken`;
      case "stuck":
        return t`longer in its stage than it should be`;
      case "final":
        return t`can change no more`;
      case "reopened":
        return t`taken up again`;
      case "restricted":
        return t`for few eyes`;
      case "contradiction":
        return t`a report says otherwise`;
      case "mine":
        return t`assigned to me, or in my hand`;
      case "claimed":
        return t`somebody has it in hand`;
      case "snoozed":
        return t`put off for now`;
      default:
        return null;
    }
  }
}

/** Who works on it: the reader, a team, or a colleague by name. */
function useNamedWord(): (value: string) => string | null {
  const { t } = useLingui();
  const { q } = useSearch({ strict: false });
  const role = useRoleName();
  // Only for a filter that names somebody: most never do.
  const { data } = useQuery({ ...colleaguesOptions, enabled: q?.includes("person:") ?? false });
  return (value) => {
    if (value === "me") return t`me`;
    if (value === "my_teams") return t`my teams`;
    if (value.startsWith("role:")) return role(value.slice("role:".length));
    return data?.people.find((one) => one.id === value)?.name ?? null;
  };
}

function useFieldWord(): (text: string) => string | null {
  const { t } = useLingui();
  return (text) => {
    switch (text.replace(/[:<>=]+$/, "")) {
      case "kind":
        return t`Type`;
      case "status":
        return t`Status`;
      case "stage":
        return t`Stage`;
      case "waiting_on":
        return t`Waiting on`;
      case "brand":
        return t`Brand`;
      case "subject":
        return t`Subject`;
      case "reference":
        return t`Number`;
      case "tag":
        return t`Tags`;
      case "assignee":
        return t`Assignee`;
      case "claimed_by":
        return t`in whose hand it is`;
      case "snoozed_until":
        return t`until when it is snoozed`;
      case "priority":
        return t`Priority`;
      default:
        return null;
    }
  };
}
