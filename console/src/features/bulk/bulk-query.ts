import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { listBulk, listBulkItems, readBulk } from "~/api/generated/calls";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import type { BulkJobState } from "~/api/generated/model/bulk-job-state";
import type { ItemState } from "~/api/generated/model/item-state";

const REFRESH_EVERY = 1_000;
const LIST_EVERY = 5_000;
const JOBS = 100;
const ITEMS = 50;

/** Goes on by itself: by the worker, or by what others say to it. */
const MOVING: ReadonlySet<BulkJobState> = new Set(["waiting", "counting_down", "running"]);

export function isMoving(job: BulkJob): boolean {
  return MOVING.has(job.state);
}

export const jobsOptions = queryOptions({
  queryKey: ["bulk"],
  queryFn: ({ signal }) => listBulk({ limit: JOBS }, { signal }),
  refetchInterval: LIST_EVERY,
  refetchIntervalInBackground: false,
});

export const jobOptions = (id: string) =>
  queryOptions({
    queryKey: ["bulk", id],
    queryFn: ({ signal }) => readBulk(id, { signal }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? REFRESH_EVERY : false),
    refetchIntervalInBackground: false,
  });

export const itemsOptions = (id: string, state: ItemState | undefined) =>
  infiniteQueryOptions({
    queryKey: ["bulk", id, "items", state ?? ""],
    queryFn: ({ pageParam, signal }) =>
      listBulkItems(
        id,
        { limit: ITEMS, ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
