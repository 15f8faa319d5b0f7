import { expect, test } from "vitest";
import { termsOf, valuesOf, withoutTerm, withValues } from "./query-text";

test("a status is added to the filter and replaces only its own term", () => {
  expect(withValues("kind:withdrawal", "status", ["error"])).toBe("status:error kind:withdrawal");
  expect(withValues("kind:withdrawal status:pending created>-7d", "status", ["error"])).toBe(
    "kind:withdrawal status:error created>-7d",
  );
  expect(withValues("kind:withdrawal status:pending", "status", [])).toBe("kind:withdrawal");
});

test("a quoted text with blanks is one term", () => {
  expect(termsOf('subject:"De Vries" status:pending')).toEqual(['subject:"De Vries"', "status:pending"]);
});

test("a negated term is not taken for the term itself", () => {
  expect(valuesOf("-status:error", "status")).toEqual([]);
  expect(valuesOf("status:pending,error", "status")).toEqual(["pending", "error"]);
});

test("leaving out a term keeps the others in place", () => {
  expect(withoutTerm("status:error subject:nobody", "status:error")).toBe("subject:nobody");
});
