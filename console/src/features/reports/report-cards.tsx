import { Trans, useLingui } from "@lingui/react/macro";
import { STATUSES } from "~/lib/statuses";
import layout from "~/ui/layout.module.css";
import { StatusMark } from "~/ui/status-mark";
import { beforeOf, isCompared } from "./report-before";
import styles from "./report-cards.module.css";
import { queryOf, type Report } from "./report-model";
import { ReportNumber } from "./report-number";
import { useDifferenceWords } from "./use-difference-words";
import type { ReportWords } from "./use-report-words";

const NOW = ["open", "oldest", "late"];

/** The numbers at a glance: what stands now, and what the period brought; each leads to its operations. */
export function ReportCards({ report, words }: { report: Report; words: ReportWords }) {
  const { t } = useLingui();
  const isNow = (name: string) => NOW.includes(name);
  const names = report.columns.map((column) => column.name);
  return (
    <div className={styles.bands}>
      <Band title={t`Now`} names={names.filter(isNow)} report={report} words={words} />
      <Band
        title={t`In this period`}
        names={names.filter((name) => !isNow(name))}
        report={report}
        words={words}
      />
    </div>
  );
}

type BandProps = { title: string; names: readonly string[]; report: Report; words: ReportWords };

function Band({ title, names, report, words }: BandProps) {
  const { t } = useLingui();
  const differs = useDifferenceWords();
  const [row] = report.rows;
  if (!row) return null;
  const before = beforeOf(report)(row);
  return (
    <section aria-label={title}>
      <h3 className={layout.band}>{title}</h3>
      <ul className={styles.cards}>
        {report.columns.map((column, at) => {
          if (!names.includes(column.name)) return null;
          const status = STATUSES.find((one) => one === column.name);
          const [now, then] = [row.values[at] ?? null, before?.values[at] ?? null];
          const compared = isCompared(report, column);
          return (
            <li key={column.name} className={styles.card}>
              <ReportNumber q={queryOf(report, row, at)} position={report.position} className={styles.link}>
                <span className={styles.label}>
                  {status ? <StatusMark status={status} /> : null}
                  {column.name === "p50" ? t`Median duration` : words.column(column)}
                </span>
                <span className={styles.value}>{words.value(report, row, at)}</span>
              </ReportNumber>
              {compared && before ? (
                <p className={styles.note}>
                  {now !== null && then !== null ? (
                    <span className={styles.difference}>{differs(column, Number(now), Number(then))}</span>
                  ) : null}
                  <ReportNumber q={queryOf(report, before, at)} position={report.position}>
                    <Trans>before: {words.value(report, before, at)}</Trans>
                  </ReportNumber>
                </p>
              ) : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
