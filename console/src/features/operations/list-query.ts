import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { countOperations, listOperations } from "~/api/generated/calls";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import type { OperationPage } from "~/api/generated/model/operation-page";
import { zone } from "~/lib/clock";
import { listOptions, PAGE, paramsOf, rememberList, uniqueById } from "~/lib/operation-list";
import { replaceRows } from "~/lib/operation-rows";
import { withValues } from "~/lib/query-text";
import { promisesOf } from "./promise-cell";
import { type Heard, useFlashing, useLiveRows } from "./use-live-rows";

export type View = { q?: string; sort?: string; cols?: string; as_of?: string };

const PEEK_MAX = 200;
const REFRESH_EVERY = 10_000;
const LOOK_TAKES = 1_000;
const NOTHING: ReadonlySet<string> = new Set();

/** The loaded rows, what is new beside them, and how to get more. Rows change in place and never jump. */
export function useOperationList(view: View) {
  const queryClient = useQueryClient();
  const list = useInfiniteQuery({ ...listOptions(view), placeholderData: keepPreviousData });
  const { q, sort } = view;
  useEffect(() => rememberList({ q, sort }), [q, sort]);
  const settled = list.isSuccess && !list.isPlaceholderData;
  // What stood at a position of the journal does not change any more.
  const present = view.as_of === undefined;
  const { state, heard, forget } = useLiveRows(q ?? "", settled && present);
  const loaded = useRef(0);
  const peekKey = ["operations", "peek", q ?? "", sort ?? ""];
  const peek = useQuery({
    queryKey: peekKey,
    queryFn: ({ signal }) =>
      listOperations({ ...paramsOf(view), limit: peekLimit(loaded.current) }, { signal }),
    enabled: settled && present && state !== "paused",
    // While the server tells, asking is only a second look.
    refetchInterval: state === "live" ? REFRESH_EVERY * 6 : REFRESH_EVERY,
    refetchIntervalInBackground: false,
    retry: false,
  });
  const rows = useMemo(() => uniqueById(list.data?.pages.flatMap((page) => page.items) ?? []), [list.data]);
  loaded.current = rows.length;
  const peeked = settled && present ? peek.data : undefined;
  useEffect(() => {
    if (peeked) replaceRows(queryClient, peeked.items);
  }, [queryClient, peeked]);
  const said = useMemo(() => since(heard, peek.dataUpdatedAt), [heard, peek.dataUpdatedAt]);
  // Where nobody chose an order, the server did.
  const order = list.data?.pages[0]?.sort ?? sort;
  const reach = { sort: order, more: list.hasNextPage };
  const newCount = settled ? newIds(rows, peeked, said, reach).size : 0;
  const gone = useMemo(() => goneFrom(rows, peeked, said), [rows, peeked, said]);
  const promises = useMemo(() => promisesOf([...(list.data?.pages ?? []), peeked]), [list.data, peeked]);
  const showNew = () => {
    // The old peek knows nothing of the new rows and would call them gone.
    queryClient.removeQueries({ queryKey: peekKey });
    forget();
    return queryClient.resetQueries({ queryKey: listOptions(view).queryKey });
  };
  return { list, rows, promises, order, newCount, gone, flashing: useFlashing(rows), showNew };
}

export type OperationList = ReturnType<typeof useOperationList>;

/** How many operations the view holds in each status, whatever status it is narrowed to. */
export function useStatusCounts(q: string, asOf: string | undefined) {
  const unnarrowed = withValues(q, "status", []);
  return useQuery({
    queryKey: ["counts", unnarrowed, ...(asOf ? [asOf] : [])],
    queryFn: ({ signal }) =>
      countOperations(
        { q: unnarrowed, by: "status", zone: zone(), ...(asOf ? { as_of: asOf } : {}) },
        { signal },
      ),
    refetchInterval: asOf ? false : REFRESH_EVERY,
    refetchIntervalInBackground: false,
    placeholderData: (before) => before,
    retry: false,
  });
}

/** What was heard after the last look; before it, the look knows better. */
function since(heard: Heard, lookedAt: number): Heard {
  return new Map([...heard].filter(([, one]) => one.at >= lookedAt - LOOK_TAKES));
}

/** What the filter finds and the page does not show, where it would stand among what is loaded. */
function newIds(
  rows: readonly OperationAtWork[],
  peeked: OperationPage | undefined,
  said: Heard,
  reach: { sort: string | undefined; more: boolean },
): ReadonlySet<string> {
  const last = rows.at(-1);
  if (!last) return NOTHING;
  const known = new Set(rows.map((row) => row.id));
  const firstKnown = peeked?.items.findIndex((row) => known.has(row.id)) ?? 0;
  const above = peeked?.items.slice(0, firstKnown === -1 ? undefined : firstKnown) ?? [];
  const found = new Set(above.map((row) => row.id));
  for (const [id, one] of said) {
    if (!one.matches) found.delete(id);
    else if (!known.has(id) && (!reach.more || isBefore(one.operation, last, reach.sort))) found.add(id);
  }
  return found;
}

/** Whether an operation stands before another in this order. */
function isBefore(one: OperationAtWork, other: OperationAtWork, sort = "-created_at"): boolean {
  const field = (["deadline_at", "closed_at"] as const).find((one) => sort.endsWith(one)) ?? "created_at";
  const [a, b] = [one[field], other[field]];
  if (a === null || b === null) return false;
  return sort.startsWith("-") ? Date.parse(a) > Date.parse(b) : Date.parse(a) < Date.parse(b);
}

/** The rows that the view held when they were loaded, and holds no more: their status is no longer what they show. */
function goneFrom(
  rows: readonly OperationAtWork[],
  peeked: OperationPage | undefined,
  said: Heard,
): ReadonlySet<string> {
  const there = new Set(peeked?.items.map((row) => row.id));
  // Below the last row that the look reached, it says nothing.
  const reach =
    peeked?.next_cursor === null ? rows.length : rows.findLastIndex((row) => there.has(row.id)) + 1;
  const gone = rows.filter((row, at) => {
    const heard = said.get(row.id);
    return heard ? !heard.matches : at < reach && !there.has(row.id);
  });
  return new Set(gone.map((row) => row.id));
}

function peekLimit(rows: number): number {
  return Math.min(PEEK_MAX, Math.max(PAGE, rows));
}
