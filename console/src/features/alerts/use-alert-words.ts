import { useLingui } from "@lingui/react/macro";
import type { Alert } from "~/api/generated/model/alert";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";

/** What an alert says: what is unusual, and the number beside the usual one. */
export function useAlertWords() {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const isShare = (alert: Alert) => alert.measure === "errors" || alert.measure === "rejections";
  return {
    what: (alert: Alert): string => {
      switch (alert.measure) {
        case "errors":
          return t`More errors than usual`;
        case "rejections":
          return t`More rejections than usual`;
        case "created":
          return alert.direction === "above" ? t`More than usual are coming` : t`Fewer than usual are coming`;
        case "ended":
          return alert.direction === "above" ? t`More than usual are ending` : t`Fewer than usual are ending`;
      }
    },
    value: (alert: Alert): string => (isShare(alert) ? share : number).format(alert.value),
    usual: (alert: Alert): string => {
      const usual = (isShare(alert) ? share : number).format(alert.usual);
      return isShare(alert) ? t`at most ${usual}` : usual;
    },
    window: (alert: Alert): string => {
      const { window_minutes: minutes } = alert;
      const hours = Math.round(minutes / 60);
      return minutes < 90 ? t`${minutes} min` : t`${hours} h`;
    },
  };
}
