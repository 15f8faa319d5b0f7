import { expect, test } from "vitest";
import { formatMoney } from "./money";

const plain = (text: string) => text.replaceAll(/\s/g, " ");

test("an amount reads as its language writes it", () => {
  expect(plain(formatMoney({ value: "2450.00", currency: "EUR" }, "nl"))).toBe("€ 2.450,00");
  expect(plain(formatMoney({ value: "2450.00", currency: "EUR" }, "en"))).toBe("€2,450.00");
});

test("no digit is lost in an amount too large for a float", () => {
  expect(plain(formatMoney({ value: "900719925474099301.25", currency: "EUR" }, "en"))).toBe(
    "€900,719,925,474,099,301.25",
  );
});

test("a currency without decimals is shown without them", () => {
  expect(formatMoney({ value: "500", currency: "JPY" }, "en")).toMatch(/500$/);
});

test("a code that is no currency stands behind its figure", () => {
  expect(formatMoney({ value: "12.345678", currency: "USDT" }, "en")).toBe("12.345678 USDT");
});
