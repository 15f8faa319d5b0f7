import { Trans, useLingui } from "@lingui/react/macro";
import { dateFormat } from "~/lib/formats";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import type { Report } from "./report-model";
import { useReportDefinition } from "./report-titles";
import styles from "./reports.module.css";

/** How it is computed, as of when, and in whose days. */
export function ReportStamp({ report, ofNow }: { report: Report; ofNow: boolean }) {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  const own = useReportDefinition()(report.name);
  const { position, zone, from, to, previous } = report;
  const before = previous ? daysText(previous.from, previous.to, zone, locale) : null;
  return (
    <footer className={styles.stamp}>
      {report.partial || previous?.partial ? (
        <p>
          <strong>
            <Trans>Part of it: the filter had to read each operation, and reading stopped at a bound.</Trans>
          </strong>
        </p>
      ) : null}
      <p>
        {ofNow ? t`As of now` : daysText(from, to, zone, locale)}
        {before ? ` · ${t`before: ${before}`}` : ""}
        {` · ${t`days of ${zone}`} · ${t`journal position ${position}`}`}
      </p>
      <details>
        <summary>
          <Trans>How it is computed</Trans>
        </summary>
        {own ? <p>{own}</p> : <p lang="en">{report.definition}</p>}
      </details>
    </footer>
  );
}

/** From the first day to the last one that is in it. */
export function daysText(from: string, to: string, zone: string, locale: string): string {
  const format = dateFormat(locale, { dateStyle: "medium", timeZone: zone });
  return format.formatRange(new Date(from), new Date(Date.parse(to) - 1));
}
