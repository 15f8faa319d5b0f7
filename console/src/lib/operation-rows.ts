import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Operation } from "~/api/generated/model/operation";
import type { OperationPage } from "~/api/generated/model/operation-page";

/** Where every loaded list keeps its pages. */
export const LISTS = ["operations", "list"] as const;

/** Where the reader's own queue keeps what is in it. */
export const WORK_LISTS = ["work"] as const;

/** Shows newer versions of operations in the rows that are loaded, each where it stands. */
export function replaceRows(queryClient: QueryClient, fresh: readonly Operation[]): void {
  const byId = new Map(fresh.map((row) => [row.id, row]));
  queryClient.setQueriesData<InfiniteData<OperationPage, string | null>>({ queryKey: LISTS }, (data) => {
    if (!data) return data;
    let changed = false;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((row) => {
        const now = byId.get(row.id);
        if (!now || now.version < row.version) return row;
        // Who works on it changes without a version, and is not told where it moved.
        if (now.version === row.version && !("assignment" in now)) return row;
        changed = true;
        return { ...row, ...now };
      }),
    }));
    return changed ? { ...data, pages } : data;
  });
}
