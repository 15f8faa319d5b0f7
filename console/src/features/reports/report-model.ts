export type ReportColumn = { name: string; type: string; unit?: string | null };

export type ReportValue = string | number | boolean | null;

/** A row's values in the order of the columns; `q` finds the operations it counts, `qs` those of a column of its own. */
export type ReportRow = {
  values: readonly ReportValue[];
  q: string | null;
  qs: Readonly<Record<string, string>>;
};

export type Report = {
  name: string;
  columns: readonly ReportColumn[];
  rows: readonly ReportRow[];
  position: string | null;
  zone: string;
  bucket: string | null;
  from: string | null;
  to: string | null;
  partial: boolean;
  definition: string | null;
};

const NUMBERS = new Set([
  "count",
  "number",
  "integer",
  "decimal",
  "share",
  "percent",
  "seconds",
  "duration",
  "amount",
]);

const KEYS = new Set(["weekday", "hour"]);

/** Whether a column holds what is counted, rather than what it is counted by. */
export function isMeasure(column: ReportColumn): boolean {
  return NUMBERS.has(column.type) && !KEYS.has(column.name);
}

/** The list behind one number of a row, or none. */
export function queryOf(report: Report, row: ReportRow, column: number): string | null {
  const name = report.columns[column]?.name ?? "";
  return row.qs[name] ?? row.q;
}
