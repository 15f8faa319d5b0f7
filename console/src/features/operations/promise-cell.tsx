import { createContext, type ReactNode, useContext } from "react";
import type { NextPromise } from "~/api/generated/model/next-promise";
import type { OperationPage } from "~/api/generated/model/operation-page";
import type { KindWords } from "~/lib/kinds";
import { useStandingWord } from "~/lib/promises";
import { DeadlineText } from "~/ui/deadline";

export type Promised = ReadonlyMap<string, NextPromise>;

const Known = createContext<Promised>(new Map());
/** The promises of the rows on the page, by operation. */
export const KnownPromises = Known.Provider;

/** Of each operation the promise that is broken or will be first, as the latest of these pages says. */
export function promisesOf(pages: readonly (OperationPage | undefined)[]): Promised {
  const found = new Map<string, NextPromise>();
  for (const page of pages) {
    for (const row of page?.items ?? []) found.delete(row.id);
    for (const one of page?.promises ?? []) found.set(one.operation, one);
  }
  return found;
}

type Props = {
  id: string;
  words: KindWords;
  now: number;
  value: (flag: string, label: string, shown: ReactNode) => ReactNode;
};

/** What is promised and when; what is late or nearly so can be filtered on. */
export function PromiseCell({ id, words, now, value }: Props): ReactNode {
  const standingWord = useStandingWord();
  const promise = useContext(Known).get(id);
  if (!promise) return null;
  const standing = standingOf(promise, now);
  const word = standing === "in_time" ? null : standingWord(standing);
  const shown = (
    <span title={words.target(promise.target)}>
      {standing === "late" ? <strong>{word}</strong> : word}
      {word && promise.due_at ? " · " : null}
      {promise.due_at ? <DeadlineText at={promise.due_at} now={now} /> : null}
    </span>
  );
  return word && (standing === "late" || standing === "at_risk") ? value(standing, word, shown) : shown;
}

/** Time goes on while a page is looked at. */
function standingOf(promise: NextPromise, now: number): NextPromise["standing"] {
  return promise.due_at && Date.parse(promise.due_at) <= now ? "late" : promise.standing;
}
