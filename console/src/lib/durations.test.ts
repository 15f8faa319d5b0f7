import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { formatDeadline, formatDuration } from "./durations";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [42_000, "42 s"],
  [48 * MINUTE, "48 min"],
  [2 * HOUR + 10 * MINUTE, "2 h 10 min"],
  [22 * HOUR + 10 * MINUTE, "22 h"],
  [27 * HOUR, "1 d 3 h"],
  [6 * DAY + 5 * HOUR, "6 d"],
])("%d milliseconds read as %s", (length, text) => {
  expect(formatDuration(i18n, length)).toBe(text);
});

test("Dutch counts in uren", () => {
  i18n.activate("nl");
  expect(formatDuration(i18n, 27 * HOUR)).toBe("1 d 3 u");
});

test("a deadline ahead says what is left, one behind says how late it is", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(formatDeadline(i18n, "2026-11-22T14:00:00Z", now)).toEqual({ text: "2 h left", late: false });
  expect(formatDeadline(i18n, "2026-11-19T12:00:00Z", now)).toEqual({ text: "3 d late", late: true });
});
