import { expect, test } from "vitest";
import { chartOf } from "./chart-of";
import type { Cartesian, Flow, Heat } from "./chart-spec";
import type { Report, ReportColumn, ReportValue } from "./report-model";
import type { ReportWords } from "./use-report-words";

const WORDS: ReportWords = {
  column: (column) => column.name,
  value: (_, row, at) => String(row.values[at]),
};

function report(columns: [string, string][], rows: ReportValue[][]): Report {
  return {
    name: "any",
    columns: columns.map(([name, type]): ReportColumn => ({ name, type })),
    rows: rows.map((values, nth) => ({ values, q: `row:${nth}`, qs: {} })),
    position: "1.1",
    zone: "UTC",
    bucket: "day",
    from: null,
    to: null,
    partial: false,
    definition: null,
  };
}

const DAY = "2026-11-22T00:00:00Z";
const NEXT = "2026-11-23T00:00:00Z";

test("statuses by day stand on each other, in the four's own order, each mark with its list", () => {
  const chart = chartOf(
    report(
      [
        ["bucket", "time"],
        ["status", "text"],
        ["count", "count"],
      ],
      [
        [DAY, "error", 2],
        [DAY, "pending", 5],
        [NEXT, "pending", 7],
      ],
    ),
    WORDS,
  ) as Cartesian;
  expect(chart.series.map((series) => [series.status, series.stack])).toEqual([
    ["pending", "one"],
    ["error", "one"],
  ]);
  expect(chart.series[0]?.marks.map((mark) => mark?.q)).toEqual(["row:1", "row:2"]);
  expect(chart.series[1]?.marks[1]).toBeNull();
});

test("what happens is a bar, what stands at a moment is a line", () => {
  const chart = chartOf(
    report(
      [
        ["bucket", "time"],
        ["created", "count"],
        ["backlog", "count"],
      ],
      [[DAY, 3, 40]],
    ),
    WORDS,
  ) as Cartesian;
  expect(chart.series.map((series) => series.as)).toEqual(["bar", "line"]);
});

test("a way back does not close a circle: the drawing goes from left to right", () => {
  const chart = chartOf(
    report(
      [
        ["from_stage", "text"],
        ["to_stage", "text"],
        ["count", "count"],
      ],
      [
        ["a", "b", 9],
        ["b", "c", 8],
        ["c", "a", 2],
      ],
    ),
    WORDS,
  ) as Flow;
  expect(chart.links.map((link) => [link.from, link.to])).toEqual([
    ["a", "b"],
    ["b", "c"],
    ["c", "a ↩"],
  ]);
});

test("weekdays and hours are a map, though they are numbers", () => {
  const chart = chartOf(
    report(
      [
        ["weekday", "integer"],
        ["hour", "integer"],
        ["count", "count"],
      ],
      [
        [1, 9, 4],
        [2, 8, 6],
      ],
    ),
    WORDS,
  ) as Heat;
  expect(chart.cells.map(({ across, down, mark }) => [across, down, mark.value])).toEqual([
    [1, 0, 4],
    [0, 1, 6],
  ]);
});

test("an axis of durations has its lines at whole hours or days", () => {
  const chart = chartOf(
    report(
      [
        ["stage", "text"],
        ["p50", "seconds"],
        ["count", "count"],
      ],
      [["review", 400_000, 3]],
    ),
    WORDS,
  ) as Cartesian;
  expect(chart.step).toBe(86_400);
});

test("what has nothing to draw is a table", () => {
  expect(chartOf(report([["kind", "text"]], [["deposit"]]), WORDS)).toBeNull();
});
