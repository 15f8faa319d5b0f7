import { expect, test } from "vitest";
import {
  excluding,
  offsetOf,
  partsOf,
  placeOf,
  quoted,
  termsOf,
  valuesOf,
  withoutTerm,
  withTerm,
  withValues,
} from "./query-text";

test("a status is added to the filter and replaces only its own term", () => {
  expect(withValues("kind:withdrawal", "status", ["error"])).toBe("status:error kind:withdrawal");
  expect(withValues("kind:withdrawal status:pending created>-7d", "status", ["error"])).toBe(
    "kind:withdrawal status:error created>-7d",
  );
  expect(withValues("kind:withdrawal status:pending", "status", [])).toBe("kind:withdrawal");
});

test("what is added beside an alternative leaves the alternative whole", () => {
  expect(withValues("brand:a OR brand:b", "status", ["error"])).toBe("status:error (brand:a OR brand:b)");
  expect(withTerm("brand:a OR brand:b", "tag:vip")).toBe("(brand:a OR brand:b) tag:vip");
  expect(termsOf("(brand:a OR brand:b) tag:vip")).toEqual(["(brand:a OR brand:b)", "tag:vip"]);
});

test("a quoted text with blanks is one term", () => {
  expect(termsOf('subject:"De Vries" status:pending')).toEqual(['subject:"De Vries"', "status:pending"]);
  expect(termsOf('subject:"a \\" (b" tag:x')).toEqual(['subject:"a \\" (b"', "tag:x"]);
});

test("NOT belongs to what follows it, AND to nothing", () => {
  expect(termsOf("kind:deposit AND NOT status:error NOT(tag:a OR tag:b)")).toEqual([
    "kind:deposit",
    "NOT status:error",
    "NOT(tag:a OR tag:b)",
  ]);
});

test("a negated term is not taken for the term itself", () => {
  expect(valuesOf("-status:error", "status")).toEqual([]);
  expect(valuesOf("status:pending,error", "status")).toEqual(["pending", "error"]);
  expect(valuesOf('subject:"De Vries",x', "subject")).toEqual(["De Vries", "x"]);
});

test("leaving out a term keeps the others in place", () => {
  expect(withoutTerm("status:error subject:nobody", "status:error")).toBe("subject:nobody");
});

test("a value is excluded by name, or taken from the list that names it", () => {
  expect(excluding("kind:deposit", "status", "error")).toBe("kind:deposit -status:error");
  expect(excluding("kind:deposit,payout", "kind", "payout")).toBe("kind:deposit");
});

test("a value gets quotes where it could not stand without", () => {
  expect(quoted("casino-nl")).toBe("casino-nl");
  expect(quoted("De Vries")).toBe('"De Vries"');
  expect(quoted('a"b\\')).toBe('"a\\"b\\\\"');
  expect(quoted("-7d")).toBe('"-7d"');
});

test("a term tells its field from its value", () => {
  expect(partsOf("-assignee:*")).toEqual({ negated: true, key: "assignee:", value: "*" });
  expect(partsOf("amount>=500EUR")).toEqual({ negated: false, key: "amount>=", value: "500EUR" });
  expect(partsOf("hello")).toBeNull();
});

test("the server counts characters, the browser their halves", () => {
  expect(placeOf("tag:🂡 x", 6)).toBe(7);
  expect(offsetOf("tag:🂡 x", 7)).toBe(6);
});
