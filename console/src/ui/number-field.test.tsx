import { i18n } from "@lingui/core";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, test } from "vitest";
import { show } from "~/lib/testing/show";
import { NumberField, numberOf } from "./number-field";

function Percent({ digits = 1 }: { digits?: number }) {
  const [value, setValue] = useState(1.5);
  return (
    <>
      <NumberField label="Percent" min={0} max={99.9} digits={digits} value={value} onChange={setValue} />
      <p data-testid="value">{value}</p>
    </>
  );
}

for (const [language, stands, typed] of [
  ["nl", "1,5", "2,5"],
  ["nl", "1,5", "2.5"],
  ["en", "1.5", "2.5"],
  ["en", "1.5", "2,5"],
] as const)
  test(`${typed} is two and a half (${language})`, async () => {
    i18n.activate(language);
    await show(<Percent />);
    const field = screen.getByLabelText<HTMLInputElement>(/Percent/);
    expect(field.value).toBe(stands);
    await userEvent.clear(field);
    await userEvent.type(field, typed);
    expect(screen.getByTestId("value").textContent).toBe("2.5");
    expect(field.value).toBe(typed);
    expect(field.validity.valid).toBe(true);
  });

test("what is no such number is said, told to nobody, and holds the form", async () => {
  await show(<Percent />);
  const field = screen.getByLabelText<HTMLInputElement>(/Percent/);
  await userEvent.clear(field);
  await userEvent.type(field, "250");
  expect(screen.getByText("A number from 0 to 99.9.")).toBeTruthy();
  expect(field.validationMessage).not.toBe("");
  expect(screen.getByTestId("value").textContent).toBe("25");
});

it("reads a number only where it can be but one", () => {
  expect(numberOf("12", 0)).toBe(12);
  expect(numberOf("1.000", 0)).toBe(1_000);
  expect(numberOf("1,000", 0)).toBe(1_000);
  expect(numberOf("2,5", 0)).toBeNull();
  expect(numberOf(",5", 1)).toBe(0.5);
  expect(numberOf("1.000", 1)).toBeNull();
  expect(numberOf("-1", 1)).toBeNull();
  expect(numberOf("", 1)).toBeNull();
});
