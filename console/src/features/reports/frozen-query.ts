import { queryOptions } from "@tanstack/react-query";
import { listFrozenReports, readFrozenReport } from "~/api/generated/calls";

export const frozenListOptions = queryOptions({
  queryKey: ["frozen reports"],
  queryFn: ({ signal }) => listFrozenReports({ signal }),
  retry: false,
});

/** One of them, with what has corrected it up to now. */
export const frozenOptions = (id: string) =>
  queryOptions({
    queryKey: ["frozen reports", id],
    queryFn: ({ signal }) => readFrozenReport(id, {}, { signal }),
    retry: false,
  });
