import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Status } from "~/api/generated/model/status";
import { formatDuration } from "~/lib/durations";
import { kindsOptions, useReasonWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney, localeOf } from "~/lib/money";
import { STATUSES } from "~/lib/statuses";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { textIn, wordFromName } from "~/lib/words";
import { useStatusWord } from "~/ui/status-chip";
import type { Report, ReportColumn, ReportRow, ReportValue } from "./report-model";

export type ReportWords = {
  /** What stands above a column. */
  column: (column: ReportColumn) => string;
  /** What a value is called, with what else stands in its row: a stage is its kind's. */
  value: (report: Report, row: ReportRow, at: number) => string;
};

const SHORT = { day: "numeric", month: "short" } as const;

/** Numbers and names as the reader writes them. */
export function useReportWords(): ReportWords {
  const { t, i18n } = useLingui();
  const language = useLanguage();
  const statusWord = useStatusWord();
  const waitingOnWord = useWaitingOnWord();
  const reasonWords = useReasonWords();
  const columnWord = useColumnWord();
  const { data: kinds } = useQuery(kindsOptions);
  const locale = localeOf(language);
  return useMemo(() => {
    const documents = new Map((kinds?.items ?? []).map((one) => [one.kind, one.document]));
    const numbers = new Intl.NumberFormat(locale);
    const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
    const days = Array.from({ length: 7 }, (_, day) =>
      // 1 January 2024 was a Monday, the first day of an ISO week.
      new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(
        Date.UTC(2024, 0, day + 1),
      ),
    );
    const named = (report: Report, row: ReportRow, name: string): string | null => {
      const at = report.columns.findIndex((column) => column.name === name);
      const found = at === -1 ? null : row.values[at];
      return typeof found === "string" ? found : null;
    };
    const nameOf = (report: Report, row: ReportRow, column: ReportColumn, value: string): string => {
      switch (column.name) {
        case "status":
          return STATUSES.some((one) => one === value) ? statusWord(value as Status) : value;
        case "kind":
          return textIn(documents.get(value)?.label, language) ?? wordFromName(value);
        case "stage":
        case "from":
        case "from_stage":
        case "to":
        case "to_stage": {
          const labels = documents.get(named(report, row, "kind") ?? "")?.labels?.stages;
          return textIn(labels?.[value], language) ?? wordFromName(value);
        }
        case "transition": {
          const labels = documents.get(named(report, row, "kind") ?? "")?.labels?.transitions;
          return textIn(labels?.[value], language) ?? wordFromName(value);
        }
        case "reason":
          return reasonWords(value).internal;
        case "waiting_on":
          return waitingOnWord(value);
        case "cause":
          return causeWord(value);
        default:
          return value;
      }
    };
    const causeWord = (cause: string): string =>
      ({
        manual: t`by hand`,
        process: t`by the process`,
        source: t`by the provider`,
        deadline: t`by its time limit`,
        check: t`by a check`,
        children: t`by its children`,
        import: t`by an import`,
        bulk: t`in bulk`,
        undo: t`by undoing`,
      })[cause] ?? wordFromName(cause);
    const write = (report: Report, row: ReportRow, at: number): string => {
      const column = report.columns[at];
      const value: ReportValue | undefined = row.values[at];
      if (!column || value === null || value === undefined) return "–";
      if (column.name === "weekday") return days[(Number(value) + 6) % 7] ?? String(value);
      if (column.name === "hour" && column.type !== "time") return String(value).padStart(2, "0");
      switch (column.type) {
        case "time":
          return timeText(String(value), report.bucket, report.zone, locale);
        case "share":
        case "percent":
          return shares.format(Number(value));
        case "seconds":
        case "duration":
          return formatDuration(i18n, Number(value) * 1000);
        case "amount":
          return formatMoney(
            { value: String(value), currency: column.unit ?? named(report, row, "currency") ?? "" },
            language,
          );
        default:
          if (typeof value === "number") return numbers.format(value);
          return typeof value === "string" ? nameOf(report, row, column, value) : String(value);
      }
    };
    return { column: columnWord, value: write };
  }, [kinds, language, locale, i18n, t, statusWord, waitingOnWord, reasonWords, columnWord]);
}

/** When a bucket begins, as short as it can be said. */
function timeText(at: string, bucket: string | null, zone: string, locale: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return at;
  const shapes: Record<string, Intl.DateTimeFormatOptions> = {
    hour: { ...SHORT, hour: "2-digit", minute: "2-digit" },
    month: { month: "short", year: "numeric" },
    quarter: { month: "short", year: "numeric" },
  };
  return new Intl.DateTimeFormat(locale, { ...(shapes[bucket ?? ""] ?? SHORT), timeZone: zone }).format(
    moment,
  );
}

function useColumnWord(): (column: ReportColumn) => string {
  const { t } = useLingui();
  return useMemo(() => {
    const words: Record<string, string> = {
      bucket: t`Period`,
      at: t`Period`,
      day: t`Day`,
      status: t`Status`,
      kind: t`Type`,
      stage: t`Stage`,
      from: t`From stage`,
      from_stage: t`From stage`,
      to: t`To stage`,
      to_stage: t`To stage`,
      transition: t`Transition`,
      reason: t`Reason`,
      cause: t`How`,
      brand: t`Brand`,
      currency: t`Currency`,
      waiting_on: t`Waiting on`,
      person: t`Person`,
      actor: t`Person`,
      age: t`Age`,
      weekday: t`Weekday`,
      hour: t`Hour`,
      count: t`Count`,
      created: t`Created`,
      finished: t`Finished`,
      open: t`Open`,
      backlog: t`Open at the end`,
      amount: t`Amount`,
      share: t`Share`,
      cumulative: t`Together`,
      cumulative_share: t`Together`,
      p50: t`Median`,
      median: t`Median`,
      p90: t`90 % within`,
      p99: t`99 % within`,
      mean: t`Average`,
    };
    return (column) => words[column.name] ?? wordFromName(column.name);
  }, [t]);
}
