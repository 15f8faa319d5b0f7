import { expect, test } from "vitest";
import { blockOf, boundOf, linesOf } from "./setting-words";

test("a block list is written a line a value and read back as it was", () => {
  const text = "subject=player-7\nsubject=player-9\nattributes.country=XX";
  const block = { subject: ["player-7", "player-9"], "attributes.country": ["XX"] };
  expect(blockOf(`${text}\n\n`)).toEqual(block);
  expect(linesOf(block)).toBe(text);
});

test("a bound is a number of a count and an amount of a sum", () => {
  expect([boundOf(" 5 "), boundOf("5000EUR"), boundOf(" ")]).toEqual([5, "5000EUR", null]);
});
