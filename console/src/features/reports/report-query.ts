import { queryOptions } from "@tanstack/react-query";
import { request } from "~/api/http";
import type { Report } from "./report-model";
import { daysOf, type ReportSearch, zoneOf } from "./report-search";

export const catalogueOptions = queryOptions({
  queryKey: ["reports"],
  queryFn: ({ signal }) => request<{ items: { name: string }[] }>("/v1/reports", { signal }),
  staleTime: 600_000,
});

/** What the server is asked: the same for the screen and for files. */
export function parametersOf(search: ReportSearch): Record<string, string> {
  const { from, to } = daysOf(search);
  return {
    ...(search.q ? { q: search.q } : {}),
    from,
    to,
    ...(search.bucket && search.bucket !== "auto" ? { bucket: search.bucket } : {}),
    zone: zoneOf(search),
  };
}

export const reportOptions = (name: string, search: ReportSearch) => {
  const parameters = parametersOf(search);
  return queryOptions<Report>({
    queryKey: ["reports", name, parameters],
    queryFn: async ({ signal }) => {
      const text = new URLSearchParams(parameters).toString();
      return asReport(await request<Record<string, unknown>>(`/v1/reports/${name}?${text}`, { signal }));
    },
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    placeholderData: (before) => (before?.name === name ? before : undefined),
    retry: false,
  });
};

function asReport(answer: Record<string, unknown>): Report {
  return answer as unknown as Report;
}
