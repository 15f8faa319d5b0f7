import { expect, test } from "vitest";
import { difference, placeOf } from "./report-before";

test("a bucket is known by its place in its period, over the end of summer time", () => {
  const place = (at: string, bucket: "hour" | "day" | "week" | "month" | "quarter") =>
    placeOf(at, "2026-10-23T22:00:00Z", bucket, "Europe/Amsterdam");
  // 26 October begins an hour later in UTC than 25 October did.
  expect(place("2026-10-24T22:00:00Z", "day")).toBe(1);
  expect(place("2026-10-25T23:00:00Z", "day")).toBe(2);
  // The repeated hour is two.
  expect(place("2026-10-25T01:00:00Z", "hour") - place("2026-10-25T00:00:00Z", "hour")).toBe(1);
  expect(place("2026-10-25T23:00:00Z", "week")).toBe(1);
  expect(place("2026-10-31T23:00:00Z", "month")).toBe(1);
  expect(place("2026-12-31T23:00:00Z", "quarter")).toBe(1);
});

test("what grew from nothing has no share that it grew by", () => {
  expect(difference(12, 10)).toEqual({ absolute: 2, relative: 0.2 });
  expect(difference(3, 0)).toEqual({ absolute: 3, relative: null });
});
