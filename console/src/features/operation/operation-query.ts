import { queryOptions } from "@tanstack/react-query";
import { listChildren, listPromises, listSignals, readHistory, readOperation } from "~/api/generated/calls";
import type { Entry } from "~/api/generated/model/entry";

const REFRESH_EVERY = 10_000;
const HISTORY_PAGES_MAX = 5;

export const operationOptions = (id: string) =>
  queryOptions({
    queryKey: ["operation", id],
    queryFn: ({ signal }) => readOperation(encodeURIComponent(id), { signal }),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });

export type LoadedHistory = { entries: Entry[]; complete: boolean };

/** The history, newest first: up to a thousand entries, and whether those are all. Renewed with each version. */
export const historyOptions = (id: string, version: number | undefined) =>
  queryOptions({
    queryKey: ["history", id, version],
    queryFn: async ({ signal }): Promise<LoadedHistory> => {
      const entries: Entry[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < HISTORY_PAGES_MAX; page += 1) {
        const answer = await readHistory(
          encodeURIComponent(id),
          { limit: 200, ...(cursor ? { cursor } : {}) },
          { signal },
        );
        entries.push(...answer.items);
        cursor = answer.next_cursor;
        if (!cursor) break;
      }
      return { entries: entries.toReversed(), complete: cursor === null };
    },
    enabled: version !== undefined,
    placeholderData: (before) => before,
    // Refused attempts come without a new version.
    refetchInterval: REFRESH_EVERY * 3,
    refetchIntervalInBackground: false,
  });

/** What stands under an operation. Its children move without it, so it is asked for as often as the operation. */
export const childrenOptions = (id: string) =>
  queryOptions({
    queryKey: ["children", id],
    queryFn: ({ signal }) => listChildren(encodeURIComponent(id), { signal }),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });

/** What is promised about an operation. Renewed with each version. */
export const promisesOptions = (id: string, version: number) =>
  queryOptions({
    queryKey: ["promises", id, version],
    queryFn: ({ signal }) => listPromises(encodeURIComponent(id), { signal }),
    placeholderData: (before) => before,
    refetchInterval: REFRESH_EVERY * 3,
    refetchIntervalInBackground: false,
  });

/** The last report of a provider about an operation: whether there are any. */
export const reportsOptions = (id: string) =>
  queryOptions({
    queryKey: ["signals", "of", id],
    queryFn: ({ signal }) => listSignals({ operation: id, limit: 1 }, { signal }),
    refetchInterval: REFRESH_EVERY * 3,
    refetchIntervalInBackground: false,
  });
