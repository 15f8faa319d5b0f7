import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { countOperations } from "~/api/generated/calls";
import type { Count } from "~/api/generated/model/count";
import { zone } from "~/lib/clock";
import type { Suggestion } from "~/lib/query-language";
import { quoted, termsIn } from "~/lib/query-text";

/** The fields whose values can be counted without reading every operation. */
export const COUNTED = ["status", "kind", "stage", "waiting_on", "brand", "currency"] as const;

export type CountedField = (typeof COUNTED)[number];

/** How many operations a filter holds for each value of one field. */
export const countsOptions = (q: string, field: CountedField) =>
  queryOptions({
    queryKey: ["counts", "facet", field, q],
    queryFn: ({ signal }) => countOperations({ q, by: field, zone: zone() }, { signal }),
    retry: false,
  });

const TYPED = /(?:^|[\s(-])([a-z_]+):((?:[^\s,"()]*,)*)([^\s,"()]*)$/;
const SHOWN = 20;

/** The suggestions for a value with how many there are, most first, and the values that only the counts know. */
export function useCountedValues(
  text: string,
  caret: number,
  suggestions: readonly Suggestion[],
): readonly Suggestion[] {
  const typed = TYPED.exec(text.slice(0, caret));
  const field = COUNTED.find((one) => one === typed?.[1]);
  const beginning = typed?.[3] ?? "";
  const { data } = useQuery({
    ...countsOptions(withoutTermAt(text, caret), field ?? "status"),
    enabled: field !== undefined,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
  if (!field || !data) return suggestions;
  const counts = new Map(data.items.flatMap((one) => countOf(one, field)));
  const there = new Set(suggestions.map((one) => one.text));
  const besides = [...counts.keys()]
    .filter((value) => !there.has(value) && value.toLowerCase().startsWith(beginning.toLowerCase()))
    .map((value) => ({
      text: quoted(value),
      label: value,
      kind: "value",
      from: caret - beginning.length,
      to: caret,
    }));
  return (
    [...suggestions, ...besides]
      .map((one) => ({ ...one, count: counts.get(one.label) ?? counts.get(one.text) }))
      // A stage that nothing stands in, of a kind that is not meant, is only in the way; who types it gets it.
      .filter((one) => field !== "stage" || beginning !== "" || counts.size === 0 || one.count !== undefined)
      .sort((a, b) => (b.count ?? -1) - (a.count ?? -1))
      .slice(0, SHOWN)
  );
}

/** What the filter says besides the term at the caret. */
function withoutTermAt(text: string, caret: number): string {
  const term = termsIn(text).find((one) => one.from <= caret && caret <= one.to);
  if (!term) return text.trim();
  return `${text.slice(0, term.from)}${text.slice(term.to)}`.replaceAll(/\s+/g, " ").trim();
}

function countOf(count: Count, field: CountedField): [string, number][] {
  const value = count[field];
  return typeof value === "string" ? [[value, count.count]] : [];
}
