import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { completeQuery, parseQuery } from "~/api/generated/calls";
import { isProblem, type Problem } from "~/api/problem";
import { offsetOf, placeOf, termsIn } from "~/lib/query-text";

/** One term of the filter as the server's tree has it; `from` and `to` are places in the text. */
export type Chip = { text: string; negated: boolean; from: number; to: number };

export type Suggestion = {
  text: string;
  label: string;
  kind: string;
  from: number;
  to: number;
  /** How many operations have this value, where that is known. */
  count?: number | undefined;
};

/** Where a filter is not understood, in places of the text; `meant` replaces what stands there. */
export type QueryFault = {
  from: number;
  to: number;
  detail: string;
  meant: string | null;
  expected: string[];
};

const parseOptions = (q: string) =>
  queryOptions({
    queryKey: ["query", "parse", q],
    queryFn: ({ signal }) => parseQuery({ q }, { signal }),
    enabled: q.trim() !== "",
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** The filter's chips, at once from the text itself and then from the server's tree, and the fault if it has one. */
export function useParsed(q: string): { chips: readonly Chip[]; fault: QueryFault | null } {
  const { data, error } = useQuery(parseOptions(q));
  if (data) return { chips: data.chips.map((chip) => placed(q, chip)), fault: null };
  const fault = isProblem(error, "invalid_query") ? faultOf(q, error) : null;
  if (fault) return { chips: [], fault };
  return {
    chips: termsIn(q).map((term) => ({ ...term, negated: /^(-|NOT\b)/.test(term.text) })),
    fault: null,
  };
}

/** What could stand at the caret. Until the next answer comes, what still fits of the last one stays: the list never blinks. */
export function useSuggestions(text: string, caret: number, wanted: boolean): readonly Suggestion[] {
  const asked = useSettled(`${offsetOf(text, caret)} ${text}`, 90);
  const { data } = useQuery({
    queryKey: ["query", "complete", asked],
    queryFn: async ({ signal }) => {
      const cutAt = asked.indexOf(" ");
      const [at, q] = [asked.slice(0, cutAt), asked.slice(cutAt + 1)];
      const { items } = await completeQuery({ q, at: Number(at) }, { signal });
      return { q, items: items.map((item) => placed(q, item)) };
    },
    enabled: wanted,
    staleTime: 30_000,
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (!wanted || !data) return NONE;
  return data.q === text ? data.items : stillFitting(data, text, caret);
}

const NONE: readonly Suggestion[] = [];

/** What was suggested for an earlier text and may still be meant, each at the place where it would stand now. */
function stillFitting(
  answered: { q: string; items: readonly Suggestion[] },
  text: string,
  caret: number,
): readonly Suggestion[] {
  return answered.items
    .filter((item) => {
      const typed = text.slice(item.from, caret);
      return (
        text.slice(0, item.from) === answered.q.slice(0, item.from) &&
        !/\s/.test(typed) &&
        item.text.toLowerCase().startsWith(typed.toLowerCase())
      );
    })
    .map((item) => ({ ...item, to: caret }));
}

/** Where the server's refusal points, in places of the text. */
export function faultOf(q: string, problem: Problem): QueryFault {
  const { offset, length, did_you_mean: meant, expected } = problem.facts;
  const from = typeof offset === "number" ? placeOf(q, offset) : q.length;
  const to = typeof offset === "number" && typeof length === "number" ? placeOf(q, offset + length) : from;
  return {
    from,
    to,
    detail: problem.detail,
    meant: typeof meant === "string" ? meant : null,
    expected: Array.isArray(expected) ? expected.map(String) : [],
  };
}

/** The value once it has stayed the same for a while: nobody asks the server after every letter. */
export function useSettled<Value>(value: Value, after: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), after);
    return () => clearTimeout(timer);
  }, [value, after]);
  return settled;
}

function placed<Place extends { from: number; to: number }>(q: string, place: Place): Place {
  return { ...place, from: placeOf(q, place.from), to: placeOf(q, place.to) };
}
