import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Status } from "~/api/generated/model/status";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { STATUSES } from "~/lib/statuses";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { textIn } from "~/lib/words";
import { useStatusWord } from "~/ui/status-chip";
import type { Suggestion } from "./query-language";

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
      default:
        return null;
    }
  }
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
      default:
        return null;
    }
  };
}
