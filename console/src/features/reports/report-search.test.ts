import { expect, test } from "vitest";
import { daysOf, widerPeriod } from "./report-search";

const NOW = new Date("2026-03-31T23:30:00Z");

test("today is the day of the zone that was chosen", () => {
  expect(daysOf({ period: "today", zone: "UTC" }, NOW)).toEqual({ from: "2026-03-31", to: "2026-04-01" });
  expect(daysOf({ period: "today", zone: "Europe/Amsterdam" }, NOW)).toEqual({
    from: "2026-04-01",
    to: "2026-04-02",
  });
});

test("months are whole, over the turn of a year", () => {
  const now = new Date("2026-01-15T12:00:00Z");
  expect(daysOf({ period: "last-month", zone: "UTC" }, now)).toEqual({
    from: "2025-12-01",
    to: "2026-01-01",
  });
  expect(daysOf({ period: "month", zone: "UTC" }, now)).toEqual({ from: "2026-01-01", to: "2026-01-16" });
});

test("days that somebody chose are asked up to the day after the last", () => {
  expect(daysOf({ from: "2026-02-01", to: "2026-02-28" }, NOW)).toEqual({
    from: "2026-02-01",
    to: "2026-03-01",
  });
});

test("there is a wider period until the year", () => {
  expect(widerPeriod({})).toBe("90d");
  expect(widerPeriod({ period: "year" })).toBeNull();
});
