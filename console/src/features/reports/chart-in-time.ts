import type { Status } from "~/api/generated/model/status";
import { STATUSES } from "~/lib/statuses";
import { axisOf, markOf, stepOf } from "./chart-marks";
import type { ChartSpec, Mark, Series } from "./chart-spec";
import { beforeOf } from "./report-before";
import { indexOf, type Report, type ReportRow, type ReportValue } from "./report-model";
import type { ReportWords } from "./use-report-words";

const LINES_MAX = 4;

/** Columns of the four statuses on each other, for each bucket; as shares of what was created in it where that is asked. */
export function statusColumns(report: Report, words: ReportWords, asShares: boolean): ChartSpec {
  const [bucket, status, count] = ["bucket", "status", "count"].map((name) => indexOf(report, name)) as [
    number,
    number,
    number,
  ];
  const buckets = bucketsOf(report, words);
  const sums = sumBy(report.rows, bucket, count);
  const found = STATUSES.filter((one) => report.rows.some((row) => row.values[status] === one));
  const series = found.map((one): Series => {
    const rows = byBucket(
      report.rows.filter((row) => row.values[status] === one),
      bucket,
    );
    return {
      name: words.status(one as Status),
      as: "bar",
      status: one,
      stack: "statuses",
      marks: buckets.values.map((value) => {
        const row = rows.get(value);
        const mark = row ? markOf(report, words, row, count) : null;
        return mark && asShares ? shareOf(mark, sums.get(value) ?? 0, words) : mark;
      }),
    };
  });
  return {
    sort: "cartesian",
    categories: buckets.texts,
    series: [...series, ...(asShares ? [] : totalsBefore(report, words, buckets.values))],
    lying: false,
    axis: asShares ? words.share : axisOf(report, words, "count"),
    ...(asShares ? { most: 1 } : {}),
  };
}

/** What came and what ended as columns, and what was open at the end of each bucket as a line. */
export function flowColumns(report: Report, words: ReportWords): ChartSpec {
  const buckets = bucketsOf(report, words);
  const before = beforeOf(report);
  const series = ["created", "finished", "backlog"].flatMap((name): Series[] => {
    const at = indexOf(report, name);
    const title = words.name(name);
    const standing = name === "backlog";
    const now: Series = {
      name: title,
      as: standing ? "line" : "bar",
      marks: report.rows.map((row) => markOf(report, words, row, at)),
    };
    // A line of what came before is enough to compare with: more would hide what it is compared to.
    if (!report.previous || name === "finished") return [now];
    return [now, earlier(title, words, "line", report, (row) => before(row), at)];
  });
  return {
    sort: "cartesian",
    categories: buckets.texts,
    series: [...series.filter((one) => !one.pale), ...series.filter((one) => one.pale)],
    lying: false,
    axis: axisOf(report, words, "created"),
  };
}

/** Promises that were kept and missed, all targets together, on each other. */
export function targetColumns(report: Report, words: ReportWords): ChartSpec {
  const buckets = bucketsOf(report, words);
  const bucket = indexOf(report, "bucket");
  const series = ["kept", "missed"].map((name): Series => {
    const sums = sumBy(report.rows, bucket, indexOf(report, name));
    const marks = buckets.values.map((value) => {
      const sum = sums.get(value) ?? 0;
      return { value: sum, text: words.count(sum), q: null };
    });
    return { name: words.name(name), as: "bar", stack: "decided", marks };
  });
  return { sort: "cartesian", categories: buckets.texts, series, lying: false, axis: words.count };
}

/** How long it took: a line for each of the commonest types, or the three percentiles of the only one. */
export function durationLines(report: Report, words: ReportWords, measure: string): ChartSpec {
  const [bucket, kind, count] = ["bucket", "kind", "count"].map((name) => indexOf(report, name)) as [
    number,
    number,
    number,
  ];
  const buckets = bucketsOf(report, words);
  const before = beforeOf(report);
  const sums = sumBy(report.rows, kind, count);
  const kinds = [...sums.keys()].sort((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0));
  const line = (name: string, rows: readonly ReportRow[], column: string): Series[] => {
    const at = indexOf(report, column);
    const found = byBucket(rows, bucket);
    const row = (value: ReportValue) => found.get(value) ?? null;
    const now: Series = {
      name,
      as: "line",
      marks: buckets.values.map((value) => {
        const there = row(value);
        return there ? markOf(report, words, there, at) : null;
      }),
    };
    if (!report.previous || kinds.length > 1) return [now];
    return [now, earlier(name, words, "line", report, before, at, buckets.values.map(row))];
  };
  const [only] = kinds;
  const series =
    kinds.length === 1 && only !== undefined
      ? ["p50", "p90", "p99"].flatMap((name) => line(words.name(name), report.rows, name))
      : kinds.slice(0, LINES_MAX).flatMap((one) => {
          const rows = report.rows.filter((row) => row.values[kind] === one);
          const [sample] = rows;
          return line(sample ? words.value(report, sample, kind) : String(one), rows, measure);
        });
  return {
    sort: "cartesian",
    categories: buckets.texts,
    series,
    lying: false,
    axis: axisOf(report, words, measure),
    ...stepOf(series),
    ...(kinds.length > LINES_MAX ? { drawn: { count: LINES_MAX, of: kinds.length } } : {}),
  };
}

/** The marks of the period before, where its rows match those of this one. */
function earlier(
  name: string,
  words: ReportWords,
  as: Series["as"],
  report: Report,
  before: (row: ReportRow) => ReportRow | null,
  at: number,
  rows: readonly (ReportRow | null)[] = report.rows,
): Series {
  return {
    name: words.before(name),
    as,
    pale: true,
    marks: rows.map((row) => {
      const found = row ? before(row) : null;
      return found ? markOf(report, words, found, at) : null;
    }),
  };
}

/** What each bucket came to in the period before, all statuses together: a line that the columns are held against. */
function totalsBefore(report: Report, words: ReportWords, buckets: readonly ReportValue[]): Series[] {
  if (!report.previous) return [];
  const [bucket, count] = [indexOf(report, "bucket"), indexOf(report, "count")];
  const before = sumBy(report.previous.rows, bucket, count);
  const sums = [...before.values()];
  return [
    {
      name: words.before(words.name("created")),
      as: "line",
      pale: true,
      marks: buckets.map((_, place) => {
        const sum = sums[place];
        return sum === undefined ? null : { value: sum, text: words.count(sum), q: null };
      }),
    },
  ];
}

/** Every bucket of the period: where nothing was counted there is a gap, not a shorter axis. */
function bucketsOf(report: Report, words: ReportWords): { values: ReportValue[]; texts: string[] } {
  const at = indexOf(report, "bucket");
  const rowAt = (value: string) => ({ values: report.columns.map(() => value), q: null, qs: {} });
  const texts = report.buckets.map((value) => words.value(report, rowAt(value), at));
  return { values: report.buckets, texts };
}

function byBucket(rows: readonly ReportRow[], at: number): Map<ReportValue, ReportRow> {
  return new Map(rows.map((row) => [row.values[at] ?? null, row]));
}

function sumBy(rows: readonly ReportRow[], key: number, at: number): Map<ReportValue, number> {
  const sums = new Map<ReportValue, number>();
  for (const row of rows) {
    const value = row.values[key] ?? null;
    sums.set(value, (sums.get(value) ?? 0) + Number(row.values[at] ?? 0));
  }
  return sums;
}

function shareOf(mark: Mark, sum: number, words: ReportWords): Mark {
  const share = sum === 0 ? 0 : mark.value / sum;
  return { ...mark, value: share, text: `${words.share(share)} (${mark.text})` };
}
