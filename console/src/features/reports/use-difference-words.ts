import { useLingui } from "@lingui/react/macro";
import { formatDuration } from "~/lib/durations";
import { numberFormat } from "~/lib/formats";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { difference } from "./report-before";
import type { ReportColumn } from "./report-model";

/** How much more or less than before, in the column's own unit and as a share: `+12 (+8 %)`. */
export function useDifferenceWords(): (column: ReportColumn, now: number, before: number) => string {
  const { t, i18n } = useLingui();
  const locale = localeOf(useLanguage());
  const signed = (value: number, options: Intl.NumberFormatOptions) =>
    numberFormat(locale, { ...options, signDisplay: "exceptZero" }).format(value);
  const sized = (column: ReportColumn, value: number): string => {
    switch (column.type) {
      case "seconds": {
        const length = formatDuration(i18n, Math.abs(value) * 1000);
        return value === 0 ? length : `${value < 0 ? "−" : "+"}${length}`;
      }
      case "share": {
        const points = signed(value * 100, { maximumFractionDigits: 1 });
        return t`${points} points`;
      }
      default:
        return signed(value, { maximumFractionDigits: 2 });
    }
  };
  return (column, now, before) => {
    const { absolute, relative } = difference(now, before);
    // A share of a share would only confuse.
    if (relative === null || column.type === "share") return sized(column, absolute);
    return `${sized(column, absolute)} (${signed(relative, { style: "percent", maximumFractionDigits: 0 })})`;
  };
}
