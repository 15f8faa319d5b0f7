import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { numberFormat } from "~/lib/formats";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";

type Props = {
  label: ReactNode;
  description?: ReactNode;
  min: number;
  max: number;
  /** How many digits may stand after the separator. */
  digits?: number;
  value: number;
  /** Told only of numbers that may be sent; until what stands there is one, the form is held. */
  onChange: (value: number) => void;
};

/** A number as its reader writes it: `2,5` in Dutch, `2.5` in English, and either understood in both. */
export function NumberField({ label, description, min, max, digits = 0, value, onChange }: Props) {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  const field = useRef<HTMLInputElement>(null);
  const written = (number: number) =>
    numberFormat(locale, { maximumFractionDigits: digits, useGrouping: false }).format(number);
  const [text, setText] = useState(() => written(value));
  const read = numberOf(text, digits);
  const isRight = read !== null && read >= min && read <= max;
  const wrong = isRight || text.trim() === "" ? "" : t`A number from ${written(min)} to ${written(max)}.`;
  useEffect(() => field.current?.setCustomValidity(wrong), [wrong]);
  return (
    <TextInput
      ref={field}
      label={label}
      description={description}
      required
      inputMode={digits > 0 ? "decimal" : "numeric"}
      autoComplete="off"
      error={wrong || undefined}
      value={text}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        const number = numberOf(typed, digits);
        if (number !== null && number >= min && number <= max) onChange(number);
      }}
    />
  );
}

/**
 * What is written, or null where it is no number or could be two. With digits a comma or a point comes before them; a
 * whole number has none, so there three figures after one are thousands.
 */
export function numberOf(text: string, digits: number): number | null {
  const typed = text.trim();
  if (/^\d+$/.test(typed)) return Number(typed);
  if (digits === 0) return /^\d{1,3}([.,\s]\d{3})+$/.test(typed) ? Number(typed.replace(/\D/g, "")) : null;
  const parts = /^(\d*)[.,](\d+)$/.exec(typed);
  return parts?.[2] && parts[2].length <= digits ? Number(`${parts[1]}.${parts[2]}`) : null;
}
