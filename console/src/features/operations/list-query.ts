import { infiniteQueryOptions, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { countOperations, listOperations } from "~/api/generated/calls";
import type { ListOperationsParams } from "~/api/generated/model/list-operations-params";
import { ListOperationsSort } from "~/api/generated/model/list-operations-sort";
import type { Operation } from "~/api/generated/model/operation";
import type { OperationPage } from "~/api/generated/model/operation-page";
import { zone } from "~/lib/clock";
import { LISTS, replaceRows } from "~/lib/operation-rows";
import { withValues } from "~/lib/query-text";

export type View = { q?: string; sort?: string };

const PAGE = 50;
const PEEK_MAX = 200;
const REFRESH_EVERY = 10_000;
const NOTHING: ReadonlySet<string> = new Set();

const listOptions = (view: View) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, view.q ?? "", view.sort ?? ""],
    queryFn: ({ pageParam, signal }) =>
      listOperations({ ...paramsOf(view), ...(pageParam ? { cursor: pageParam } : {}) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    // The rows stay where they are until somebody asks: the peek below brings what is new.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** The loaded rows, what is new above them, and how to get more. Rows change in place and never jump. */
export function useOperationList(view: View) {
  const queryClient = useQueryClient();
  const list = useInfiniteQuery(listOptions(view));
  const loaded = useRef(0);
  const peekKey = ["operations", "peek", view.q ?? "", view.sort ?? ""];
  const peek = useQuery({
    queryKey: peekKey,
    queryFn: ({ signal }) =>
      listOperations({ ...paramsOf(view), limit: peekLimit(loaded.current) }, { signal }),
    enabled: list.isSuccess,
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
    retry: false,
  });
  const rows = useMemo(() => uniqueById(list.data?.pages.flatMap((page) => page.items) ?? []), [list.data]);
  loaded.current = rows.length;
  const fresh = peek.data?.items;
  useEffect(() => {
    if (fresh) replaceRows(queryClient, fresh);
  }, [queryClient, fresh]);
  const newCount = useMemo(() => {
    if (!fresh || rows.length === 0) return 0;
    const known = new Set(rows.map((row) => row.id));
    const firstKnown = fresh.findIndex((row) => known.has(row.id));
    return firstKnown === -1 ? fresh.length : firstKnown;
  }, [fresh, rows]);
  const gone = useMemo(() => goneFrom(rows, peek.data), [rows, peek.data]);
  const showNew = () => {
    // The old peek knows nothing of the new rows and would call them gone.
    queryClient.removeQueries({ queryKey: peekKey });
    return queryClient.resetQueries({ queryKey: listOptions(view).queryKey });
  };
  return { list, rows, newCount, gone, showNew };
}

/** How many operations the view holds in each status, whatever status it is narrowed to. */
export function useStatusCounts(q: string) {
  const unnarrowed = withValues(q, "status", []);
  return useQuery({
    queryKey: ["counts", unnarrowed],
    queryFn: ({ signal }) => countOperations({ q: unnarrowed, by: "status", zone: zone() }, { signal }),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
    placeholderData: (before) => before,
    retry: false,
  });
}

/** The rows that the view held when they were loaded, and holds no more: their status is no longer what they show. */
function goneFrom(rows: readonly Operation[], peek: OperationPage | undefined): ReadonlySet<string> {
  if (!peek) return NOTHING;
  const there = new Set(peek.items.map((row) => row.id));
  // Below the last row that the peek reaches, it says nothing.
  const reach = peek.next_cursor === null ? rows.length : rows.findLastIndex((row) => there.has(row.id)) + 1;
  return new Set(
    rows
      .slice(0, reach)
      .filter((row) => !there.has(row.id))
      .map((row) => row.id),
  );
}

function peekLimit(rows: number): number {
  return Math.min(PEEK_MAX, Math.max(PAGE, rows));
}

function paramsOf(view: View): ListOperationsParams {
  const sort = asSort(view.sort);
  const q = queryFor(view.q ?? "", sort);
  return { limit: PAGE, zone: zone(), ...(q ? { q } : {}), ...(sort ? { sort } : {}) };
}

/** Only what has a deadline can be put in the order of deadlines. */
function queryFor(q: string, sort: ListOperationsSort | undefined): string {
  const needsDeadline = sort === "deadline_at" || sort === "-deadline_at";
  return needsDeadline && !/(^|\s)deadline[:<>]/.test(q) ? `${q} deadline:*`.trim() : q;
}

function asSort(text: string | undefined): ListOperationsSort | undefined {
  return Object.values(ListOperationsSort).find((sort) => sort === text);
}

function uniqueById(rows: readonly Operation[]): Operation[] {
  // Under a sort by change, a row may come again on a later page.
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
