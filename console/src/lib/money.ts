import type { Money } from "~/api/generated/model/money";
import type { Language } from "~/lib/words";
import { numberFormat } from "./formats";

const LOCALES: Record<Language, string> = { en: "en-GB", nl: "nl-NL" };

export function localeOf(language: Language): string {
  return LOCALES[language];
}

/** An amount as its reader writes it, every digit kept: the decimal string never becomes a float. */
export function formatMoney(money: Money, language: Language): string {
  const digits = money.value.split(".")[1]?.length ?? 0;
  const value = money.value as Intl.StringNumericLiteral;
  const precision = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return numberFormat(LOCALES[language], {
      style: "currency",
      currency: money.currency,
      ...precision,
    }).format(value);
  } catch {
    // Not an ISO 4217 code, such as a four-letter token: the figure is still right.
    return `${numberFormat(LOCALES[language], precision).format(value)} ${money.currency}`;
  }
}

export function formatCount(count: number, language: Language): string {
  return numberFormat(LOCALES[language], {}).format(count);
}
