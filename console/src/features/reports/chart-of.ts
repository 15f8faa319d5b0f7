import type { Status } from "~/api/generated/model/status";
import { STATUSES } from "~/lib/statuses";
import type { Cartesian, ChartSpec, Mark, Series } from "./chart-spec";
import { isMeasure, queryOf, type Report, type ReportColumn, type ReportRow } from "./report-model";
import type { ReportWords } from "./use-report-words";

const BARS_MAX = 24;
const LINES_MAX = 4;
// What stands at a moment rather than happening in a period is a line.
const STANDING = new Set(["backlog", "open"]);

/** The chart that a report's columns ask for; null where a table says it better. */
export function chartOf(report: Report, words: ReportWords): ChartSpec | null {
  const columns = report.columns.map((column, at) => ({ ...column, at }));
  const measures = columns.filter(isMeasure);
  const keys = columns.filter((column) => !isMeasure(column));
  const named = (...names: string[]) => columns.find((column) => names.includes(column.name));
  const main = measures[0];
  if (!main || report.rows.length === 0) return null;
  const mark = markWriter(report, words);

  const [from, to] = [named("from_stage", "from"), named("to_stage", "to")];
  if (from && to && !isMeasure(from)) return flowOf(report, words, from.at, to.at, main.at, mark);
  const [weekday, hour] = [named("weekday"), named("hour")];
  if (weekday && hour) return heatOf(report, words, weekday.at, hour.at, main.at, mark);

  const time = keys.find((column) => column.type === "time");
  const [split] = keys.filter((column) => column !== time);
  if (time) {
    const series = split
      ? splitSeries(report, words, time.at, split, main, mark)
      : measureSeries(report, words, measures, mark);
    const moments = distinct(report.rows, time.at);
    const first = (at: unknown) => report.rows.find((row) => row.values[time.at] === at);
    return cartesian(
      moments.map((at) => words.value(report, first(at) as ReportRow, time.at)),
      series,
      axisOf(report, words, main.at),
      stepOf(
        report,
        measures.filter((column) => column.type === main.type),
      ),
    );
  }
  return barsOf(report, words, keys, measures, mark);
}

type At = { at: number };
type WriteMark = (row: ReportRow, at: number) => Mark | null;

function markWriter(report: Report, words: ReportWords): WriteMark {
  return (row, at) => {
    const value = row.values[at];
    if (value === null || value === undefined) return null;
    return { value: Number(value), text: words.value(report, row, at), q: queryOf(report, row, at) };
  };
}

function cartesian(
  categories: readonly string[],
  series: readonly Series[],
  axis: (value: number) => string,
  more: Partial<Cartesian> = {},
): Cartesian {
  return { sort: "cartesian", categories, series, lying: false, axis, ...more };
}

/** One series for each value of the second column: stacked where the values are statuses, lines otherwise. */
function splitSeries(
  report: Report,
  words: ReportWords,
  time: number,
  split: ReportColumn & At,
  main: ReportColumn & At,
  mark: WriteMark,
): Series[] {
  const moments = distinct(report.rows, time);
  const byStatus = split.name === "status";
  const stacked = byStatus || main.type === "count";
  const found = byStatus
    ? STATUSES.filter((status) => report.rows.some((row) => row.values[split.at] === status))
    : distinct(report.rows, split.at);
  const weight = (value: unknown) =>
    report.rows
      .filter((row) => row.values[split.at] === value)
      .reduce((sum, row) => sum + Number(row.values[main.at] ?? 0), 0);
  const shown = byStatus ? found : [...found].sort((a, b) => weight(b) - weight(a)).slice(0, LINES_MAX);
  return shown.map((value) => {
    const rows = report.rows.filter((row) => row.values[split.at] === value);
    const at = new Map(rows.map((row) => [row.values[time], row]));
    const [sample] = rows;
    return {
      name: sample ? words.value(report, sample, split.at) : String(value),
      as: byStatus ? "bar" : "line",
      ...(byStatus ? { status: value as Status } : {}),
      ...(stacked && byStatus ? { stack: "one" } : {}),
      marks: moments.map((moment) => {
        const row = at.get(moment);
        return row ? mark(row, main.at) : null;
      }),
    };
  });
}

function measureSeries(
  report: Report,
  words: ReportWords,
  measures: readonly (ReportColumn & At)[],
  mark: WriteMark,
): Series[] {
  const [main] = measures;
  return measures
    .filter((column) => column.type === main?.type)
    .slice(0, LINES_MAX)
    .map((column) => ({
      name: words.column(column),
      as: column.type === "count" && !STANDING.has(column.name) ? "bar" : "line",
      marks: report.rows.map((row) => mark(row, column.at)),
    }));
}

/** Bars in the report's order, with the running share as a line where there is one: a Pareto chart, lying. */
function barsOf(
  report: Report,
  words: ReportWords,
  keys: readonly (ReportColumn & At)[],
  measures: readonly (ReportColumn & At)[],
  mark: WriteMark,
): ChartSpec | null {
  const [main] = measures;
  if (!main || keys.length === 0) return null;
  const rows = report.rows.slice(0, BARS_MAX);
  const status = keys.find((key) => key.name === "status");
  // What tells the rows apart comes first, for long names are cut off; the status is in the bar as well.
  const told = [...keys.filter((key) => key !== status), ...(status ? [status] : [])];
  const label = (row: ReportRow) => told.map((key) => words.value(report, row, key.at)).join(" · ");
  const running = measures.find((column) => column.name.startsWith("cumulative"));
  const alike = measures.filter((column) => column.type === main.type && column !== running).slice(0, 3);
  const bars: Series[] = alike.map((column) => ({
    name: words.column(column),
    as: "bar",
    marks: rows.map((row) => {
      const found = mark(row, column.at);
      const stands = status ? STATUSES.find((one) => one === row.values[status.at]) : undefined;
      return found && stands ? { ...found, status: stands } : found;
    }),
  }));
  const share: Series[] = running
    ? [
        {
          name: words.column(running),
          as: "line",
          right: true,
          marks: rows.map((row) => mark(row, running.at)),
        },
      ]
    : [];
  return cartesian(rows.map(label), [...bars, ...share], axisOf(report, words, main.at), {
    lying: true,
    ...stepOf(report, alike),
    ...(running ? { axisRight: axisOf(report, words, running.at) } : {}),
  });
}

function heatOf(
  report: Report,
  words: ReportWords,
  weekday: number,
  hour: number,
  main: number,
  mark: WriteMark,
): ChartSpec {
  const days = distinct(report.rows, weekday).sort((a, b) => Number(a) - Number(b));
  const hours = distinct(report.rows, hour).sort((a, b) => Number(a) - Number(b));
  const sample = (at: number, value: unknown) =>
    report.rows.find((row) => row.values[at] === value) as ReportRow;
  return {
    sort: "heat",
    across: hours.map((value) => words.value(report, sample(hour, value), hour)),
    down: days.map((value) => words.value(report, sample(weekday, value), weekday)),
    cells: report.rows.flatMap((row) => {
      const found = mark(row, main);
      if (!found) return [];
      return [
        {
          across: hours.indexOf(row.values[hour] ?? null),
          down: days.indexOf(row.values[weekday] ?? null),
          mark: found,
        },
      ];
    }),
  };
}

/** Ways between stages. A drawing from left to right has no way back: loops stand in the table, and in the chart as a twin. */
function flowOf(
  report: Report,
  words: ReportWords,
  from: number,
  to: number,
  main: number,
  mark: WriteMark,
): ChartSpec | null {
  const kindAt = report.columns.findIndex((column) => column.name === "kind");
  const kinds = kindAt === -1 ? [] : distinct(report.rows, kindAt);
  const nameOf = (row: ReportRow, at: number) =>
    kinds.length > 1
      ? `${words.value(report, row, kindAt)} · ${words.value(report, row, at)}`
      : words.value(report, row, at);
  const links: { from: string; to: string; mark: Mark }[] = [];
  const reaches = new Map<string, Set<string>>();
  const leadsTo = (start: string, end: string): boolean =>
    start === end || [...(reaches.get(start) ?? [])].some((next) => leadsTo(next, end));
  // The busiest ways first: what would close a circle is a way back.
  const rows = [...report.rows].sort((a, b) => Number(b.values[main] ?? 0) - Number(a.values[main] ?? 0));
  for (const row of rows.slice(0, 60)) {
    const [start, found] = [nameOf(row, from), mark(row, main)];
    const end = nameOf(row, to);
    if (!found || found.value === 0) continue;
    const back = leadsTo(end, start);
    const target = back ? `${end} ↩` : end;
    if (!back) reaches.set(start, (reaches.get(start) ?? new Set()).add(end));
    links.push({ from: start, to: target, mark: found });
  }
  if (links.length === 0) return null;
  return { sort: "flow", nodes: [...new Set(links.flatMap((link) => [link.from, link.to]))], links };
}

/** A number on the axis, written as the column writes its own. */
function axisOf(report: Report, words: ReportWords, at: number): (value: number) => string {
  return (value) => {
    const values = report.columns.map((_, column) => (column === at ? value : null));
    return words.value(report, { values, q: null, qs: {} }, at);
  };
}

const STEPS = [1, 10, 60, 600, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000];

/** Lines of a duration's axis stand at whole minutes, hours or days. */
function stepOf(report: Report, measures: readonly (ReportColumn & At)[]): { step?: number } {
  if (!measures.some((column) => column.type === "seconds" || column.type === "duration")) return {};
  const most = Math.max(
    1,
    ...report.rows.flatMap((row) => measures.map((column) => Number(row.values[column.at] ?? 0))),
  );
  const step = STEPS.find((one) => most / one <= 6);
  return { step: step ?? Math.ceil(most / 6 / 2_592_000) * 2_592_000 };
}

function distinct(rows: readonly ReportRow[], at: number): (string | number | boolean | null)[] {
  return [...new Set(rows.map((row) => row.values[at] ?? null))];
}
