import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Kind } from "~/api/generated/model/kind";
import type { Status } from "~/api/generated/model/status";
import { formatDuration } from "~/lib/durations";
import { dateFormat, numberFormat } from "~/lib/formats";
import { kindsOptions, useReasonWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney, localeOf } from "~/lib/money";
import { STATUSES } from "~/lib/statuses";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { type Language, textIn, wordFromName } from "~/lib/words";
import { useStatusWord } from "~/ui/status-chip";
import { indexOf, type Report, type ReportColumn, type ReportRow } from "./report-model";
import { useReportNames } from "./report-names";

export type ReportWords = {
  /** What stands above a column. */
  column: (column: ReportColumn) => string;
  /** What a column of this name is called. */
  name: (name: string) => string;
  /** What a value is called, with what else stands in its row: a stage is its kind's. */
  value: (report: Report, row: ReportRow, at: number) => string;
  status: (status: Status) => string;
  kind: (kind: string) => string;
  count: (count: number) => string;
  share: (share: number) => string;
  /** The same of the period before. */
  before: (name: string) => string;
  /** What is not told apart. */
  others: string;
};

const SHORT = { day: "numeric", month: "short" } as const;

/** Numbers and names as the reader writes them. */
export function useReportWords(): ReportWords {
  const { t, i18n } = useLingui();
  const language = useLanguage();
  const statusWord = useStatusWord();
  const waitingOnWord = useWaitingOnWord();
  const reasonWords = useReasonWords();
  const { columns, values } = useReportNames();
  const { data: kinds } = useQuery(kindsOptions);
  const locale = localeOf(language);
  return useMemo(() => {
    const documents = new Map((kinds?.items ?? []).map((one) => [one.kind, one.document]));
    const nameOf = (kind: Kind | undefined, column: string, value: string): string => {
      switch (column) {
        case "status":
          return STATUSES.some((one) => one === value) ? statusWord(value as Status) : value;
        case "kind":
          return textIn(documents.get(value)?.label, language) ?? wordFromName(value);
        case "stage":
        case "from_stage":
        case "to_stage":
          return textIn(kind?.labels?.stages?.[value], language) ?? wordFromName(value);
        case "target":
          return textIn(kind?.labels?.targets?.[value], language) ?? wordFromName(value);
        case "reason":
          return reasonWords(value).internal;
        case "waiting_on":
          return waitingOnWord(value);
        case "person":
          return value;
        default:
          return values[`${column}.${value}`] ?? wordFromName(value);
      }
    };
    const name = (column: string) => columns[column] ?? wordFromName(column);
    return {
      name,
      column: ({ name: column, unit }) => (unit ? `${name("amount")} ${unit}` : name(column)),
      value: (report, row, at) => {
        const kind = documents.get(String(row.values[indexOf(report, "kind")]));
        return written(report, row, at, { i18n, language, nameOf: (...asked) => nameOf(kind, ...asked) });
      },
      status: statusWord,
      kind: (kind) => nameOf(undefined, "kind", kind),
      count: (count) => numberFormat(locale, {}).format(count),
      share: (share) => percent(share, locale),
      before: (title) => t`${title}, before`,
      others: t`Other`,
    };
  }, [kinds, language, locale, i18n, t, statusWord, waitingOnWord, reasonWords, columns, values]);
}

type Writer = { i18n: I18n; language: Language; nameOf: (column: string, value: string) => string };

function written(report: Report, row: ReportRow, at: number, { i18n, language, nameOf }: Writer): string {
  const column = report.columns[at];
  const value = row.values[at];
  const locale = localeOf(language);
  if (!column || value === null || value === undefined) return "–";
  switch (column.type) {
    case "time":
      return timeText(String(value), report.bucket, report.zone, locale);
    case "share":
      return percent(Number(value), locale);
    case "seconds":
      return formatDuration(i18n, Number(value) * 1000);
    case "amount":
      return formatMoney({ value: String(value), currency: column.unit ?? "" }, language);
    case "number":
      return column.name === "weekday" ? weekday(Number(value), locale) : String(value).padStart(2, "0");
    case "count":
      return numberFormat(locale, {}).format(Number(value));
    case "text":
      return nameOf(column.name, String(value));
  }
}

function percent(share: number, locale: string): string {
  return numberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** 1 is Monday: 1 January 2024 was one. */
function weekday(day: number, locale: string): string {
  return dateFormat(locale, { weekday: "short", timeZone: "UTC" }).format(Date.UTC(2024, 0, day));
}

/** When a bucket begins, as short as it can be said. */
function timeText(at: string, bucket: Report["bucket"], zone: string, locale: string): string {
  const moment = new Date(at);
  if (bucket === "quarter") {
    const shape = { month: "numeric", year: "numeric", timeZone: zone } as const;
    const parts = dateFormat("en-GB", shape).formatToParts(moment);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    return `Q${Math.ceil(part("month") / 3)} ${part("year")}`;
  }
  const shapes: Partial<Record<Report["bucket"], Intl.DateTimeFormatOptions>> = {
    hour: { ...SHORT, hour: "2-digit", minute: "2-digit" },
    month: { month: "short", year: "numeric" },
  };
  return dateFormat(locale, { ...(shapes[bucket] ?? SHORT), timeZone: zone }).format(moment);
}
