import { useLingui } from "@lingui/react/macro";
import { formatExactly, formatMoment } from "~/lib/durations";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";

/** A moment as people say it; the exact one on hover. */
export function Moment({ at, now }: { at: string; now: number }) {
  const { i18n } = useLingui();
  const locale = localeOf(useLanguage());
  return (
    <time dateTime={at} title={formatExactly(at, locale)}>
      {formatMoment(i18n, at, now, locale)}
    </time>
  );
}
