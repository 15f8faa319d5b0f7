import type { Report } from "~/api/generated/model/report";
import type { ReportColumn } from "~/api/generated/model/report-column";
import type { ReportRow } from "~/api/generated/model/report-row";

export type { Report, ReportColumn, ReportRow };

export type ReportValue = ReportRow["values"][number];

const MEASURES = new Set<ReportColumn["type"]>(["count", "share", "seconds", "amount"]);

/** Whether a column holds what is counted, rather than what it is counted by. */
export function isMeasure(column: ReportColumn): boolean {
  return MEASURES.has(column.type);
}

/** The operations behind one number of a row, or none. */
export function queryOf(report: Report, row: ReportRow, at: number): string | null {
  const column = report.columns[at];
  if (!column || row.values[at] === null) return null;
  if (column.name in row.qs) return row.qs[column.name] ?? null;
  return column.type === "count" ? row.q : null;
}

export function indexOf(report: Report, name: string): number {
  return report.columns.findIndex((column) => column.name === name);
}

/** Whether nothing was counted: no rows, or nothing but noughts. */
export function isEmpty(report: Report): boolean {
  return report.rows.every((row) =>
    row.values.every((value, at) => {
      const column = report.columns[at];
      return !column || !isMeasure(column) || value === null || Number(value) === 0;
    }),
  );
}

/** The types that a report tells apart, the busiest first. */
export function kindsIn(report: Report): string[] {
  const [kind, count] = [indexOf(report, "kind"), indexOf(report, "count")];
  if (kind === -1) return [];
  const sums = new Map<string, number>();
  for (const row of report.rows) {
    const name = String(row.values[kind]);
    sums.set(name, (sums.get(name) ?? 0) + (count === -1 ? 1 : Number(row.values[count] ?? 0)));
  }
  return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/** The same report of one type only. */
export function ofKind(report: Report, kind: string): Report {
  const at = indexOf(report, "kind");
  const fits = (row: ReportRow) => row.values[at] === kind;
  const { previous } = report;
  return {
    ...report,
    rows: report.rows.filter(fits),
    previous: previous && { ...previous, rows: previous.rows.filter(fits) },
  };
}
