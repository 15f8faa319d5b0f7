import { expect, test } from "vitest";
import { chartOf, measuresOf } from "./chart-of";
import type { Cartesian, Flow, Heat } from "./chart-spec";
import type { Report, ReportColumn, ReportRow } from "./report-model";
import type { ReportWords } from "./use-report-words";

const WORDS: ReportWords = {
  column: (column) => column.name,
  name: (name) => name,
  value: (_, row, at) => String(row.values[at]),
  status: (status) => status,
  kind: (kind) => kind,
  count: String,
  share: (share) => `${Math.round(share * 100)}%`,
  before: (name) => `${name} before`,
  others: "others",
};

const [DAY, NEXT] = ["2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"];

type Rows = ReportRow["values"][];

function report(
  name: string,
  columns: Record<string, ReportColumn["type"]>,
  rows: Rows,
  before?: Rows,
): Report {
  const asRows = (all: Rows, prefix: string) =>
    all.map((values, nth) => ({ values, q: `${prefix}:${nth}`, qs: {} }));
  return {
    name,
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    rows: asRows(rows, "row"),
    position: "1.1",
    zone: "UTC",
    bucket: "day",
    buckets: [DAY, NEXT],
    from: DAY,
    to: "2026-11-24T00:00:00Z",
    partial: false,
    definition: "",
    previous: before
      ? { from: "2026-11-20T00:00:00Z", to: DAY, rows: asRows(before, "before"), partial: false }
      : null,
  };
}

const STATUSES = { bucket: "time", status: "text", count: "count" } as const;

test("statuses by day stand on each other, in the four's own order, each mark with its list", () => {
  const rows: Rows = [
    [DAY, "error", 2],
    [DAY, "pending", 6],
    [NEXT, "pending", 7],
  ];
  const chart = chartOf(report("statuses", STATUSES, rows), WORDS) as Cartesian;
  expect(chart.series.map((series) => [series.status, series.stack])).toEqual([
    ["pending", "statuses"],
    ["error", "statuses"],
  ]);
  expect(chart.series[0]?.marks.map((mark) => mark?.q)).toEqual(["row:1", "row:2"]);
  expect(chart.series[1]?.marks[1]).toBeNull();
  const shares = chartOf(report("statuses", STATUSES, rows), WORDS, { measure: "share" }) as Cartesian;
  expect(shares.series[0]?.marks[0]).toMatchObject({ value: 0.75, text: "75% (6)", q: "row:1" });
});

test("what was created in the period before is a pale line behind the columns", () => {
  const before: Rows = [
    ["2026-11-20T00:00:00Z", "pending", 3],
    ["2026-11-20T00:00:00Z", "error", 1],
    ["2026-11-21T00:00:00Z", "pending", 5],
  ];
  const chart = chartOf(
    report(
      "statuses",
      STATUSES,
      [
        [DAY, "pending", 5],
        [NEXT, "pending", 7],
      ],
      before,
    ),
    WORDS,
  );
  const line = (chart as Cartesian).series.at(-1);
  expect(line).toMatchObject({ as: "line", pale: true, name: "created before" });
  expect(line?.marks.map((mark) => mark?.value)).toEqual([4, 5]);
});

test("what happens is a bar, what stands at a moment is a line", () => {
  const columns = { bucket: "time", created: "count", finished: "count", backlog: "count" } as const;
  const chart = chartOf(report("flow", columns, [[DAY, 3, 2, 40]]), WORDS) as Cartesian;
  expect(chart.series.map((series) => series.as)).toEqual(["bar", "bar", "line"]);
});

const DURATIONS = {
  bucket: "time",
  kind: "text",
  p50: "seconds",
  p90: "seconds",
  p99: "seconds",
  count: "count",
} as const;

test("durations of several types are a line each, of the percentile that is chosen", () => {
  const rows: Rows = [
    [DAY, "deposit", 10, 20, 30, 5],
    [DAY, "withdrawal", 100, 200, 300, 9],
  ];
  const chart = chartOf(report("durations", DURATIONS, rows), WORDS, { measure: "p90" }) as Cartesian;
  expect(chart.series.map((series) => [series.name, series.marks[0]?.value])).toEqual([
    ["withdrawal", 200],
    ["deposit", 20],
  ]);
});

test("durations of one type are its three percentiles, beside those of the same day before", () => {
  const before: Rows = [["2026-11-21T00:00:00Z", "deposit", 1, 2, 3, 4]];
  const chart = chartOf(report("durations", DURATIONS, [[NEXT, "deposit", 10, 20, 30, 5]], before), WORDS);
  expect((chart as Cartesian).series.map((series) => [series.name, series.marks[1]?.value])).toEqual([
    ["p50", 10],
    ["p50 before", 1],
    ["p90", 20],
    ["p90 before", 2],
    ["p99", 30],
    ["p99 before", 3],
  ]);
});

test("a day on which nothing ended keeps its place, as a gap", () => {
  const chart = chartOf(
    report("durations", DURATIONS, [[NEXT, "deposit", 10, 20, 30, 5]]),
    WORDS,
  ) as Cartesian;
  expect(chart.categories).toEqual([DAY, NEXT]);
  expect(chart.series[0]?.marks.map((mark) => mark?.value ?? null)).toEqual([null, 10]);
});

test("an axis of durations has its lines at whole hours or days", () => {
  const columns = {
    kind: "text",
    stage: "text",
    waiting_on: "text",
    p50: "seconds",
    p90: "seconds",
  } as const;
  const chart = chartOf(
    report("stages", columns, [["claim", "review", null, 1, 400_000]]),
    WORDS,
  ) as Cartesian;
  expect(chart.step).toBe(86_400);
  expect(chart.categories).toEqual(["review"]);
});

test("a way back is not drawn: the drawing goes from left to right, and the rest is told", () => {
  const columns = { kind: "text", from_stage: "text", to_stage: "text", count: "count" } as const;
  const rows: Rows = [
    ["claim", "a", "b", 9],
    ["claim", "b", "c", 8],
    ["claim", "c", "a", 2],
  ];
  const chart = chartOf(report("ways", columns, rows), WORDS);
  expect((chart as Flow).links.map((link) => [link.from, link.to])).toEqual([
    ["a", "b"],
    ["b", "c"],
  ]);
  expect(chart?.drawn).toEqual({ count: 2, of: 3 });
  expect((chartOf(report("ways", columns, rows), WORDS, { narrow: true }) as Cartesian).categories).toEqual([
    "a → b",
    "b → c",
    "c → a",
  ]);
  expect(chartOf(report("ways", columns, [...rows, ["order", "a", "b", 1]]), WORDS)).toBeNull();
});

test("weekdays and hours are a map, of what was created or of the steps taken", () => {
  const columns = { weekday: "number", hour: "number", count: "count", moves: "count" } as const;
  const rows: Rows = [
    [1, 9, 4, 40],
    [2, 8, 6, 60],
  ];
  const cells = (measure?: string) =>
    (chartOf(report("hours", columns, rows), WORDS, { measure }) as Heat).cells.map(
      ({ across, down, mark }) => [across, down, mark.value],
    );
  expect(cells()).toEqual([
    [1, 0, 4],
    [0, 1, 6],
  ]);
  expect(cells("moves").map(([, , value]) => value)).toEqual([40, 60]);
});

test("reasons have the colour of their status, and the running share on an axis of its own", () => {
  const columns = {
    status: "text",
    reason: "text",
    count: "count",
    share: "share",
    cumulative_share: "share",
  } as const;
  const chart = chartOf(report("reasons", columns, [["error", "timeout", 3, 0.6, 0.6]]), WORDS) as Cartesian;
  expect(chart.series[0]?.marks[0]).toMatchObject({ status: "error", value: 3 });
  expect(chart.series[1]).toMatchObject({ right: true, as: "line" });
});

test("causes beyond the fifth are one, so that each type comes to its whole", () => {
  const columns = { kind: "text", cause: "text", moves: "count", share: "share" } as const;
  const causes = ["a", "b", "c", "d", "e", "f"];
  const rows: Rows = causes.map((cause, nth) => ["claim", cause, 10 - nth, (10 - nth) / 45]);
  const chart = chartOf(report("automation", columns, rows), WORDS) as Cartesian;
  expect(chart.series.map((series) => series.name)).toEqual(["a", "b", "c", "d", "others"]);
  expect(chart.series.reduce((sum, series) => sum + (series.marks[0]?.value ?? 0), 0)).toBeCloseTo(1);
});

test("what stands open is counted, or told in each currency", () => {
  const columns = { age: "text", count: "count", amount_eur: "amount" } as const;
  const found = report("ageing", columns, [["<1h", 2, "12.50"]]);
  expect(measuresOf(found)).toEqual(["count", "amount_eur"]);
  const chart = chartOf(found, WORDS, { measure: "amount_eur" }) as Cartesian;
  expect(chart.series[0]?.marks[0]?.value).toBe(12.5);
});

test("a report that the console does not know is a table", () => {
  expect(chartOf(report("new", { kind: "text", count: "count" }, [["deposit", 1]]), WORDS)).toBeNull();
});
