import { infiniteQueryOptions } from "@tanstack/react-query";
import { listOperations } from "~/api/generated/calls";
import type { ListOperationsParams } from "~/api/generated/model/list-operations-params";
import { ListOperationsSort } from "~/api/generated/model/list-operations-sort";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import { zone } from "./clock";
import { LISTS } from "./operation-rows";
import { withTerm } from "./query-text";

/** What makes a list this list; `as_of`, a position of the journal, shows it as it stood then. */
export type Asked = { q?: string; sort?: string; as_of?: string };

export const PAGE = 50;

export const listOptions = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, asked.q ?? "", asked.sort ?? "", ...(asked.as_of ? [asked.as_of] : [])],
    queryFn: ({ pageParam, signal }) =>
      listOperations({ ...paramsOf(asked), ...(pageParam ? { cursor: pageParam } : {}) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    // The rows stay where they are until somebody asks: what is new is told above them.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export function paramsOf(asked: Asked): ListOperationsParams {
  const sort = asSort(asked.sort);
  const q = queryFor(asked.q ?? "", sort);
  return {
    limit: PAGE,
    zone: zone(),
    promises: true,
    ...(q ? { q } : {}),
    ...(sort ? { sort } : {}),
    ...(asked.as_of ? { as_of: asked.as_of } : {}),
  };
}

export function uniqueById(rows: readonly OperationAtWork[]): OperationAtWork[] {
  // Under a sort by change, a row may come again on a later page.
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Only what has a deadline can be put in the order of deadlines, and only what ended in that of ends. */
function queryFor(q: string, sort: ListOperationsSort | undefined): string {
  const needed = /^-?(deadline|closed)_at$/.exec(sort ?? "")?.[1];
  return needed && !new RegExp(`(^|\\s)${needed}[:<>]`).test(q) ? withTerm(q, `${needed}:*`) : q;
}

function asSort(text: string | undefined): ListOperationsSort | undefined {
  return Object.values(ListOperationsSort).find((sort) => sort === text);
}

const KEPT = "viertakt.list";

/** Keeps which list is being read, for as long as the tab lives: the operation's page walks through it. */
export function rememberList(asked: Asked): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ q: asked.q, sort: asked.sort }));
  } catch {
    // storage blocked: there is no next and previous then
  }
}

export function rememberedList(): Asked | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Asked | null;
  } catch {
    return null;
  }
}

let visited: string | null = null;

/** Keeps where the reader is, so that coming back to the list lands on that row. */
export function visit(id: string): void {
  visited = id;
}

export function lastVisited(): string | null {
  return visited;
}
