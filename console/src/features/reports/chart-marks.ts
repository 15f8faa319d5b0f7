import type { Cartesian, Mark, Series } from "./chart-spec";
import { indexOf, queryOf, type Report, type ReportRow, type ReportValue } from "./report-model";
import type { ReportWords } from "./use-report-words";

/** One number of a row as a mark; null where there is none. */
export function markOf(report: Report, words: ReportWords, row: ReportRow, at: number): Mark | null {
  const value = row.values[at];
  if (value === null || value === undefined) return null;
  return { value: Number(value), text: words.value(report, row, at), q: queryOf(report, row, at) };
}

/** A number on the axis, written as the column writes its own. */
export function axisOf(report: Report, words: ReportWords, name: string): (value: number) => string {
  const at = indexOf(report, name);
  return (value) => {
    const values = report.columns.map((_, column) => (column === at ? value : null));
    return words.value(report, { values, q: null, qs: {} }, at);
  };
}

/** The different values of a column, in the order of the rows. */
export function distinct(rows: readonly ReportRow[], at: number): ReportValue[] {
  return [...new Set(rows.map((row) => row.values[at] ?? null))];
}

const STEPS = [1, 10, 60, 600, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000];

/** Lines of a duration's axis stand at whole minutes, hours or days. */
export function stepOf(series: readonly Series[]): Pick<Cartesian, "step"> {
  const most = Math.max(1, ...series.flatMap((one) => one.marks.map((mark) => mark?.value ?? 0)));
  const step = STEPS.find((one) => most / one <= 6);
  return { step: step ?? Math.ceil(most / 6 / 2_592_000) * 2_592_000 };
}
