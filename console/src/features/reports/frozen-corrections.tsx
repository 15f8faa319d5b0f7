import { Trans, useLingui } from "@lingui/react/macro";
import type { FrozenReportDetail } from "~/api/generated/model/frozen-report-detail";
import type { Status } from "~/api/generated/model/status";
import { dateFormat } from "~/lib/formats";
import { useLanguage } from "~/lib/language";
import { formatMoney, localeOf } from "~/lib/money";
import { StatusMark } from "~/ui/status-mark";
import { ReportNumber } from "./report-number";
import tables from "./report-table.module.css";
import styles from "./reports.module.css";
import type { ReportWords } from "./use-report-words";

/** Operations that had ended in the report and left that end later, by the month in which they did. */
export function FrozenCorrections({ frozen, words }: { frozen: FrozenReportDetail; words: ReportWords }) {
  const { t } = useLingui();
  const language = useLanguage();
  const month = (text: string) =>
    dateFormat(localeOf(language), { month: "long", year: "numeric", timeZone: "UTC" }).format(
      new Date(`${text}-01T00:00:00Z`),
    );
  const status = (one: Status) => (
    <span className={tables.status}>
      <StatusMark status={one} size={13} />
      {words.status(one)}
    </span>
  );
  return (
    <section aria-labelledby="frozen-corrections" className={styles.report}>
      <h2 id="frozen-corrections" className={styles.reportTitle}>
        <Trans>Corrections since</Trans>
      </h2>
      {frozen.corrections.length === 0 ? (
        <p className={styles.drawn}>
          <Trans>Nothing has corrected it so far.</Trans>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
        <section className={tables.scroller} tabIndex={0} aria-label={t`Corrections since`}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">{t`Month`}</th>
                <th scope="col">{t`Type`}</th>
                <th scope="col">{t`From status`}</th>
                <th scope="col">{t`To status`}</th>
                <th scope="col" className={tables.number}>{t`Count`}</th>
                <th scope="col" className={tables.number}>{t`Amount`}</th>
              </tr>
            </thead>
            <tbody>
              {frozen.corrections.map((one) => (
                <tr key={`${one.month} ${one.kind} ${one.from_status} ${one.to_status}`}>
                  <td>{month(one.month)}</td>
                  <td>{words.kind(one.kind)}</td>
                  <td>{status(one.from_status)}</td>
                  <td>{status(one.to_status)}</td>
                  <td className={tables.number}>
                    <ReportNumber q={one.q} position={frozen.corrected_to}>
                      {words.count(one.count)}
                    </ReportNumber>
                  </td>
                  <td className={tables.number}>
                    <span>
                      {one.amounts.map((amount) => formatMoney(amount, language)).join(" · ") || "–"}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {frozen.corrections_partial ? (
        <p>
          <Trans>Looking for corrections stopped at a bound: there may be more.</Trans>
        </p>
      ) : null}
    </section>
  );
}
