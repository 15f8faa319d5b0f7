import { STATUSES } from "~/lib/statuses";
import { axisOf, distinct, markOf, stepOf } from "./chart-marks";
import type { ChartSpec, Mark, Series } from "./chart-spec";
import { beforeOf } from "./report-before";
import { indexOf, isMeasure, type Report, type ReportRow } from "./report-model";
import type { ReportWords } from "./use-report-words";

const BARS_MAX = 20;
const CAUSES_MAX = 5;

/** Lying bars in the report's order; with the running share as a line where there is one: a Pareto chart. */
export function ranked(report: Report, words: ReportWords, measures: readonly string[]): ChartSpec {
  const rows = report.rows.slice(0, BARS_MAX);
  const before = beforeOf(report);
  const status = indexOf(report, "status");
  const bars = measures.flatMap((name): Series[] => {
    const at = indexOf(report, name);
    const column = report.columns[at];
    const title = column ? words.column(column) : name;
    const now: Series = {
      name: title,
      as: "bar",
      marks: rows.map((row) => inStatus(row, markOf(report, words, row, at))),
    };
    if (!report.previous) return [now];
    const marks = rows.map((row) => {
      const found = before(row);
      return found ? markOf(report, words, found, at) : null;
    });
    return [now, { name: words.before(title), as: "bar", pale: true, marks }];
  });
  const running = indexOf(report, "cumulative_share");
  const share: Series = {
    name: words.name("cumulative_share"),
    as: "line",
    right: true,
    marks: rows.map((row) => markOf(report, words, row, running)),
  };
  const [first = ""] = measures;
  const isTime = report.columns[indexOf(report, first)]?.type === "seconds";
  return {
    sort: "cartesian",
    categories: rows.map((row) => nameOf(report, words, row)),
    series: running === -1 ? bars : [...bars, share],
    lying: true,
    axis: axisOf(report, words, first),
    ...(isTime ? stepOf(bars) : {}),
    ...(running === -1 ? {} : { axisRight: words.share }),
    ...(report.rows.length > BARS_MAX ? { drawn: { count: BARS_MAX, of: report.rows.length } } : {}),
  };

  function inStatus(row: ReportRow, mark: Mark | null): Mark | null {
    const stands = status === -1 ? undefined : STATUSES.find((one) => one === row.values[status]);
    return mark && stands ? { ...mark, status: stands } : mark;
  }
}

/** What made the moves of each type, as shares on each other. */
export function automationBars(report: Report, words: ReportWords): ChartSpec {
  const [kind, cause, moves, share] = ["kind", "cause", "moves", "share"].map((name) =>
    indexOf(report, name),
  ) as [number, number, number, number];
  const sums = new Map<string, number>();
  for (const row of report.rows) {
    const name = String(row.values[cause]);
    sums.set(name, (sums.get(name) ?? 0) + Number(row.values[moves]));
  }
  const causes = [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const named = causes.length > CAUSES_MAX ? causes.slice(0, CAUSES_MAX - 1) : causes;
  const kinds = distinct(report.rows, kind);
  const sample = (at: number, value: unknown) => report.rows.find((row) => row.values[at] === value);
  const text = (at: number, value: unknown) => {
    const row = sample(at, value);
    return row ? words.value(report, row, at) : String(value);
  };
  const marked = (name: string, fits: (row: ReportRow) => boolean): Series => ({
    name,
    as: "bar",
    stack: "causes",
    marks: kinds.map((one) => {
      const rows = report.rows.filter((row) => row.values[kind] === one && fits(row));
      const [count, part] = [moves, share].map((at) =>
        rows.reduce((sum, row) => sum + Number(row.values[at] ?? 0), 0),
      ) as [number, number];
      return count === 0
        ? null
        : { value: part, text: `${words.share(part)} (${words.count(count)})`, q: null };
    }),
  });
  const series = named.map((one) => marked(text(cause, one), (row) => row.values[cause] === one));
  const rest = marked(words.others, (row) => !named.includes(String(row.values[cause])));
  return {
    sort: "cartesian",
    categories: kinds.map((one) => text(kind, one)),
    series: causes.length > named.length ? [...series, rest] : series,
    lying: true,
    axis: words.share,
    most: 1,
  };
}

/** How the promises that run now stand, for each target: the four on each other. */
export function standingTargets(report: Report, words: ReportWords): ChartSpec {
  const rows = report.rows.slice(0, BARS_MAX);
  const series = report.columns.flatMap((column, at): Series[] => {
    if (column.type !== "count") return [];
    const marks = rows.map((row) => markOf(report, words, row, at));
    return [{ name: words.column(column), as: "bar", stack: "standings", marks }];
  });
  return {
    sort: "cartesian",
    categories: rows.map((row) => nameOf(report, words, row)),
    series,
    lying: true,
    axis: words.count,
    ...(report.rows.length > BARS_MAX ? { drawn: { count: BARS_MAX, of: report.rows.length } } : {}),
  };
}

// The narrower name first, for long ones are cut off; the status last, for it is in the bar as well.
const NAMED_BY = ["from_stage", "to_stage", "stage", "target", "reason", "kind", "waiting_on", "status"];

/** What tells a row apart; its type only where there are several. */
function nameOf(report: Report, words: ReportWords, row: ReportRow): string {
  const kind = indexOf(report, "kind");
  const several = new Set(report.rows.map((one) => one.values[kind])).size > 1;
  const names = report.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column, at }) => !isMeasure(column) && row.values[at] !== null && (several || at !== kind))
    .sort((a, b) => NAMED_BY.indexOf(a.column.name) - NAMED_BY.indexOf(b.column.name))
    .map(({ at }) => words.value(report, row, at));
  return names.join(report.name === "ways" ? " → " : " · ");
}
