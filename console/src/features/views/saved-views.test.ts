import { expect, test } from "vitest";
import type { View } from "~/api/generated/model/view";
import { askedOf, contentOf, isChanged } from "./saved-views";

const VIEW: View = {
  id: "01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10",
  version: 3,
  name: "Large withdrawals",
  query: "kind:withdrawal created>-7d",
  audience: "team",
  role: "payments",
  columns: ["number", "amount"],
  sort: "created_at",
  density: null,
  icon: null,
  owner: { id: "person:anna", name: "Anna" },
  builtin: null,
  starred: false,
  may_change: true,
  counted: true,
  fault: null,
  created_at: "2026-11-22T09:00:00Z",
  changed_at: "2026-11-22T09:00:00Z",
  used_at: null,
};

test("a list that shows what its view keeps is not changed", () => {
  expect(isChanged(VIEW, askedOf(VIEW))).toBe(false);
});

test("another filter, order or column changes it", () => {
  const asked = askedOf(VIEW);
  expect(isChanged(VIEW, { ...asked, q: "kind:withdrawal" })).toBe(true);
  expect(isChanged(VIEW, { q: asked.q, cols: asked.cols })).toBe(true);
  expect(isChanged(VIEW, { ...asked, cols: "number" })).toBe(true);
});

test("the usual order is no change, written out or not", () => {
  const usual = { ...VIEW, sort: null };
  expect(isChanged(usual, { ...askedOf(usual), sort: "-created_at" })).toBe(false);
});

test("what is sent keeps relative times, and leaves out what the reader has by himself", () => {
  expect(contentOf({ q: VIEW.query }, { name: "Mine", audience: "personal" })).toEqual({
    name: "Mine",
    audience: "personal",
    query: "kind:withdrawal created>-7d",
  });
});
