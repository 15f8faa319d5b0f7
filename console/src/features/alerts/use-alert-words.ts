import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { Alert } from "~/api/generated/model/alert";
import type { AlertLimit } from "~/api/generated/model/alert-limit";
import type { Measure } from "~/api/generated/model/measure";
import { useLanguage } from "~/lib/language";
import { useLatestWords } from "~/lib/latest-words";
import { localeOf } from "~/lib/money";

/** What an alert says: what is unusual or passes a limit, and the number beside the usual one. */
export function useAlertWords() {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const isShare = (measure: Measure) => measure === "errors" || measure === "rejections";
  const minutesOf = (minutes: number): string => {
    const whole = Math.round(minutes);
    const hours = Math.round(minutes / 60);
    const days = Math.round(minutes / 1_440);
    if (minutes >= 2_880) return plural(days, { one: "# day", other: "# days" });
    return minutes < 90 ? t`${whole} min` : t`${hours} h`;
  };
  const amount = (measure: Measure, value: number): string => {
    if (isShare(measure)) return share.format(value);
    return isCounted(measure) ? number.format(value) : minutesOf(value);
  };
  const latest = useLatestWords();
  const measureWord = (measure: Measure): string => {
    switch (measure) {
      case "created":
        return t`How many come`;
      case "ended":
        return t`How many end`;
      case "errors":
        return t`Share of errors`;
      case "rejections":
        return t`Share of rejections`;
      case "backlog":
        return t`Age of the oldest`;
      case "stage_time":
        return t`Time in a stage`;
      case "silence":
        return t`Silence of providers`;
    }
  };
  const measured = (of: { measure: Measure; kind: string | null; stage: string | null }): string =>
    of.kind && of.stage
      ? `${measureWord(of.measure)} (${latest.stage(of.kind, of.stage)})`
      : measureWord(of.measure);
  const unusual = (alert: Alert): string => {
    switch (alert.measure) {
      case "errors":
        return t`More errors than usual`;
      case "rejections":
        return t`More rejections than usual`;
      case "created":
        return alert.direction === "above" ? t`More than usual are coming` : t`Fewer than usual are coming`;
      case "ended":
        return alert.direction === "above" ? t`More than usual are ending` : t`Fewer than usual are ending`;
      default:
        return measureWord(alert.measure);
    }
  };
  return {
    /** Of whom alone it is: a brand, or a provider by what its type calls it. */
    whose: (of: Pick<Alert | AlertLimit, "brand" | "provider" | "kind">): string =>
      of.provider && of.kind
        ? `${latest.attribute(of.kind, of.provider.attribute)}: ${of.provider.value}`
        : (of.brand ?? t`all`),
    what: (alert: Alert): string => {
      const watched = measured(alert);
      return alert.limit_id ? t`${watched}: limit passed` : unusual(alert);
    },
    measure: measureWord,
    /** What a limit looks at, with its stage where it names one. */
    measured,
    value: (alert: Alert): string => amount(alert.measure, alert.value),
    usual: (alert: Alert): string => {
      const usual = amount(alert.measure, alert.usual);
      if (alert.limit_id && alert.direction === "below") return t`at least ${usual}`;
      return alert.limit_id || isShare(alert.measure) ? t`at most ${usual}` : usual;
    },
    bound: (limit: AlertLimit): string => {
      const bound = amount(limit.measure, limit.bound);
      if (limit.direction === "below") return t`at least ${bound}`;
      const from = limit.at_least;
      return isShare(limit.measure) ? t`at most ${bound}, from ${from} on` : t`at most ${bound}`;
    },
    window: (of: { measure: Measure; window_minutes: number }): string =>
      isCounted(of.measure) ? minutesOf(of.window_minutes) : "–",
  };
}

/** Whether a measure counts within a window of time; the others look at who waits now. */
export function isCounted(measure: Measure): boolean {
  return measure !== "backlog" && measure !== "stage_time" && measure !== "silence";
}
