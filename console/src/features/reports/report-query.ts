import { queryOptions } from "@tanstack/react-query";
import { getReadReportUrl, listOperations, listReports, readReport } from "~/api/generated/calls";
import { ReadReportBucket } from "~/api/generated/model/read-report-bucket";
import { ReadReportFormat } from "~/api/generated/model/read-report-format";
import type { ReadReportParams } from "~/api/generated/model/read-report-params";
import type { Language } from "~/lib/words";
import { daysOf, hasOpen, isOfNow, type ReportSearch, zoneOf } from "./report-search";

/** A report there is, or the server says that there is none. */
export type ReportName = Parameters<typeof readReport>[0];

export const catalogueOptions = queryOptions({
  queryKey: ["reports"],
  queryFn: ({ signal }) => listReports({ signal }),
  staleTime: 600_000,
});

/** What the server is asked: the same for the screen, for files and for what is kept. */
export function parametersOf(name: string, search: ReportSearch): ReadReportParams {
  const { from, to } = daysOf(search);
  const bucket = Object.values(ReadReportBucket).find((one) => one === search.bucket);
  return {
    ...(search.q ? { q: search.q } : {}),
    from,
    to,
    ...(bucket ? { bucket } : {}),
    zone: zoneOf(search),
    ...(hasOpen(name) && search.include === "open" ? { include: "open" } : {}),
  };
}

export const reportOptions = (name: string, search: ReportSearch) => {
  const compared = search.compare === "1" && !isOfNow(name, search);
  const parameters: ReadReportParams = {
    ...parametersOf(name, search),
    ...(compared ? { compare: "previous" } : {}),
  };
  return queryOptions({
    queryKey: ["reports", name, parameters],
    queryFn: ({ signal }) => readReport(name as ReportName, parameters, { signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    placeholderData: (before) => (before?.name === name ? before : undefined),
    retry: false,
  });
};

export const FILE_FORMATS = [ReadReportFormat.csv, ReadReportFormat.xlsx, ReadReportFormat.jsonl];

/** Where a report comes from as a file. */
export function fileUrl(
  name: string,
  search: ReportSearch,
  format: ReadReportFormat,
  language: Language,
): string {
  return getReadReportUrl(name as ReportName, { ...parametersOf(name, search), format, language });
}

/** Whether there is any operation at all: an empty report says something else where there is none. */
export const anyOperationOptions = queryOptions({
  queryKey: ["reports", "any operation"],
  queryFn: async ({ signal }) => (await listOperations({ limit: 1 }, { signal })).items.length > 0,
  staleTime: 60_000,
});
