import { expect, test } from "vitest";
import { entry, WITHDRAWAL } from "~/lib/testing/operations";
import { flowOf } from "./flow";

const opened = entry();
const held = entry({
  seq: 2,
  version: 2,
  sort: "moved",
  transition: "hold",
  from: { stage: "requested", status: "pending" },
  to: { stage: "under_review", status: "pending" },
});

const told = (stage: string, entries = [held, opened]) =>
  flowOf(WITHDRAWAL, stage, entries).map((step) => `${step.stage}: ${step.when}`);

test("the strip shows the way here, the present stage and the usual way on", () => {
  expect(told("under_review")).toEqual([
    "requested: passed",
    "under_review: now",
    "approved: ahead",
    "paid: ahead",
  ]);
});

test("a refused attempt is no step of the way", () => {
  const refused = entry({ seq: 3, version: null, sort: "refused", transition: "approve", to: null });
  expect(told("under_review", [refused, held, opened])[1]).toBe("under_review: now");
});

test("a loop back is shown without the round", () => {
  const back = entry({ seq: 3, version: 3, sort: "moved", to: { stage: "requested", status: "pending" } });
  expect(told("requested", [back, held, opened])[0]).toBe("requested: now");
});

test("from an end there is no way on", () => {
  const ended = entry({ seq: 3, version: 3, sort: "moved", to: { stage: "rejected", status: "rejected" } });
  expect(told("rejected", [ended, held, opened]).at(-1)).toBe("rejected: now");
});
