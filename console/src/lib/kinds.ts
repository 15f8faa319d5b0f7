import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { listKinds, listReasons, readKind } from "~/api/generated/calls";
import type { Kind } from "~/api/generated/model/kind";
import type { Operation } from "~/api/generated/model/operation";
import type { PublishedKind } from "~/api/generated/model/published-kind";
import type { Reason } from "~/api/generated/model/reason";
import type { Language } from "~/lib/words";
import { useLanguage } from "./language";
import { textIn, wordFromName } from "./words";

/** The words of one version of a kind; a word made from the name where the kind has none. */
export type KindWords = {
  document: Kind | null;
  kind: string;
  subject: string | null;
  stage: (name: string) => string;
  transition: (name: string) => string;
  attribute: (name: string) => string;
  target: (name: string) => string;
};

export const kindsOptions = queryOptions({
  queryKey: ["kinds"],
  queryFn: ({ signal }) => listKinds({ signal }),
  staleTime: 60_000,
});

const kindOptions = (kind: string, version: number) =>
  queryOptions({
    queryKey: ["kinds", kind, version],
    queryFn: ({ signal }) => readKind(kind, { version }, { signal }),
    // A published version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const reasonsOptions = queryOptions({
  queryKey: ["reasons"],
  queryFn: ({ signal }) => listReasons({ signal }),
  staleTime: 300_000,
});

export function useKindWords(kind: string, version: number, enabled = true): KindWords {
  const language = useLanguage();
  const { data } = useQuery({ ...kindOptions(kind, version), enabled });
  return wordsOf(kind, data?.document ?? null, language);
}

/** The words for every operation of a list; each version of a kind is fetched once. */
export function useWordsFor(operations: readonly Operation[]): (operation: Operation) => KindWords {
  const language = useLanguage();
  const wanted = [...new Map(operations.map((one) => [`${one.kind}@${one.kind_version}`, one])).values()];
  const published = useQueries({
    queries: wanted.map((one) => kindOptions(one.kind, one.kind_version)),
    combine: presentOf,
  });
  // The same words for as long as the kinds are the same, so that rows are not drawn again for nothing.
  return useMemo(() => {
    const words = new Map(
      published.map((one) => [`${one.kind}@${one.version}`, wordsOf(one.kind, one.document, language)]),
    );
    const unknown = new Map<string, KindWords>();
    return (operation) => {
      const known = words.get(`${operation.kind}@${operation.kind_version}`) ?? unknown.get(operation.kind);
      if (known) return known;
      const made = wordsOf(operation.kind, null, language);
      unknown.set(operation.kind, made);
      return made;
    };
  }, [published, language]);
}

function presentOf(answers: { data?: PublishedKind }[]): PublishedKind[] {
  return answers.flatMap((answer) => answer.data ?? []);
}

/** What every kind is called and which of its transitions people make, by the latest version of each. */
export function useLatestKinds(): readonly KindWords[] {
  const language = useLanguage();
  const { data } = useQuery(kindsOptions);
  const published = useQueries({
    queries: (data?.items ?? []).map((one) => kindOptions(one.kind, one.version)),
    combine: presentOf,
  });
  return published.map((one) => wordsOf(one.kind, one.document, language));
}

/** A reason's text for colleagues, and the customer's one; the code itself where the catalogue has none. */
export function useReasonWords(): (code: string) => { internal: string; customer: string | null } {
  const language = useLanguage();
  const { data } = useQuery(reasonsOptions);
  const byCode = new Map<string, Reason>((data?.items ?? []).map((reason) => [reason.code, reason]));
  return (code) => {
    const reason = byCode.get(code);
    return {
      internal: textIn(reason?.internal, language) ?? wordFromName(code),
      customer: textIn(reason?.customer, language),
    };
  };
}

function wordsOf(kind: string, document: Kind | null, language: Language): KindWords {
  const labels = document?.labels;
  return {
    document,
    kind: textIn(document?.label, language) ?? wordFromName(kind),
    subject: textIn(document?.subject, language),
    stage: (name) => textIn(labels?.stages?.[name], language) ?? wordFromName(name),
    transition: (name) => textIn(labels?.transitions?.[name], language) ?? wordFromName(name),
    attribute: (name) => textIn(labels?.attributes?.[name], language) ?? wordFromName(name),
    target: (name) => textIn(labels?.targets?.[name], language) ?? wordFromName(name),
  };
}
