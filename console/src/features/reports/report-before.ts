import { isMeasure, type Report, type ReportColumn, type ReportRow } from "./report-model";

/** What a row is compared with: the row of the period before that counts the same. */
export type Before = (row: ReportRow) => ReportRow | null;

/** What stands now, whatever the period: there is nothing before it to compare with. */
const STANDING = new Set(["open", "oldest", "late"]);

/** Numbers that are set beside their own of the period before. */
export function isCompared(report: Report, column: ReportColumn): boolean {
  if (!report.previous || !isMeasure(column) || column.name === "cumulative_share") return false;
  return !(report.name === "summary" && STANDING.has(column.name));
}

/** Rows of the period before by what they count: a bucket by its place in the period, everything else by its name. */
export function beforeOf(report: Report): Before {
  const { previous } = report;
  if (!previous) return () => null;
  const rows = new Map(previous.rows.map((row) => [keyOf(report, row, previous.from), row]));
  return (row) => rows.get(keyOf(report, row, report.from)) ?? null;
}

function keyOf(report: Report, row: ReportRow, from: string): string {
  const parts = report.columns.flatMap((column, at) => {
    if (isMeasure(column)) return [];
    const value = row.values[at];
    return [column.type === "time" ? placeOf(String(value), from, report.bucket, report.zone) : value];
  });
  return JSON.stringify(parts);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = 3; // 1 January 1970 was a Thursday

/** How many buckets after the first one of its period a bucket begins. */
export function placeOf(at: string, from: string, bucket: Report["bucket"], zone: string): number {
  return ordinal(at, bucket, zone) - ordinal(from, bucket, zone);
}

function ordinal(at: string, bucket: Report["bucket"], zone: string): number {
  if (bucket === "hour") return Math.floor(Date.parse(at) / HOUR);
  const { year, month, day } = localDay(at, zone);
  const days = Date.UTC(year, month - 1, day) / DAY;
  switch (bucket) {
    case "day":
      return days;
    case "week":
      return Math.floor((days + MONDAY) / 7);
    case "month":
      return year * 12 + month - 1;
    case "quarter":
      return year * 4 + Math.floor((month - 1) / 3);
  }
}

function localDay(at: string, zone: string): { year: number; month: number; day: number } {
  const shape = { timeZone: zone, year: "numeric", month: "numeric", day: "numeric" } as const;
  const parts = new Intl.DateTimeFormat("en-GB", shape).formatToParts(new Date(at));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return { year: part("year"), month: part("month"), day: part("day") };
}

/** How a number differs from the one before; `relative` is null where there was nothing to grow from. */
export type Difference = { absolute: number; relative: number | null };

export function difference(now: number, before: number): Difference {
  return { absolute: now - before, relative: before === 0 ? null : (now - before) / before };
}
