import { useLingui } from "@lingui/react/macro";
import { formatDeadline, formatExactly } from "~/lib/durations";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";

/** What is left until a deadline. Late is bold, not red: colour means status, and nothing else. */
export function DeadlineText({ at, now }: { at: string; now: number }) {
  const { i18n } = useLingui();
  const locale = localeOf(useLanguage());
  const deadline = formatDeadline(i18n, at, now);
  return (
    <time
      dateTime={at}
      title={formatExactly(at, locale)}
      style={deadline.late ? { fontWeight: 650 } : undefined}
    >
      {deadline.text}
    </time>
  );
}
