import { distinct, markOf } from "./chart-marks";
import type { ChartSpec } from "./chart-spec";
import { indexOf, type Report } from "./report-model";
import type { ReportWords } from "./use-report-words";

/** Weekdays down, hours across: the fuller the darker. */
export function heatMap(report: Report, words: ReportWords, measure: string): ChartSpec {
  const [weekday, hour, at] = ["weekday", "hour", measure].map((name) => indexOf(report, name)) as [
    number,
    number,
    number,
  ];
  const values = (column: number) => distinct(report.rows, column).sort((a, b) => Number(a) - Number(b));
  const [days, hours] = [values(weekday), values(hour)];
  const text = (column: number, value: unknown) => {
    const row = report.rows.find((one) => one.values[column] === value);
    return row ? words.value(report, row, column) : String(value);
  };
  return {
    sort: "heat",
    across: hours.map((value) => text(hour, value)),
    down: days.map((value) => text(weekday, value)),
    cells: report.rows.flatMap((row) => {
      const mark = markOf(report, words, row, at);
      const [across, down] = [
        hours.indexOf(row.values[hour] ?? null),
        days.indexOf(row.values[weekday] ?? null),
      ];
      return mark ? [{ across, down, mark }] : [];
    }),
  };
}
