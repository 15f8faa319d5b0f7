import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Fragment, useState } from "react";
import { STATUSES } from "~/lib/statuses";
import { StatusMark } from "~/ui/status-mark";
import { beforeOf, isCompared } from "./report-before";
import { isMeasure, queryOf, type Report, type ReportRow } from "./report-model";
import { ReportNumber } from "./report-number";
import styles from "./report-table.module.css";
import { useDifferenceWords } from "./use-difference-words";
import type { ReportWords } from "./use-report-words";

const ROWS = 200;

type Props = { report: Report; words: ReportWords; title: string };

/** The same as the chart, for reading, hearing and typing: each number leads to the operations it counts. */
export function ReportTable({ report, words, title }: Props) {
  const { t } = useLingui();
  const [shown, setShown] = useState(ROWS);
  const before = beforeOf(report);
  const left = report.rows.length - shown;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too */}
      <section className={styles.scroller} tabIndex={0} aria-label={t`Table: ${title}`}>
        <table className={styles.table}>
          <thead>
            <tr>
              {report.columns.map((column) => (
                <Fragment key={column.name}>
                  <th scope="col" className={isMeasure(column) ? styles.number : undefined}>
                    {words.column(column)}
                  </th>
                  {isCompared(report, column) ? (
                    <th scope="col" className={styles.number}>
                      {words.before(words.column(column))}
                    </th>
                  ) : null}
                </Fragment>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.rows.slice(0, shown).map((row, nth) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; the rows come new with every answer
              <Row key={nth} row={row} before={before(row)} report={report} words={words} />
            ))}
          </tbody>
        </table>
      </section>
      {left > 0 ? (
        <Button
          variant="default"
          size="xs"
          className={styles.more}
          onClick={() => setShown(report.rows.length)}
        >
          {t`Show the other ${left} rows`}
        </Button>
      ) : null}
    </>
  );
}

type RowProps = { row: ReportRow; before: ReportRow | null; report: Report; words: ReportWords };

function Row({ row, before, report, words }: RowProps) {
  const differs = useDifferenceWords();
  return (
    <tr>
      {report.columns.map((column, at) => {
        const text = words.value(report, row, at);
        if (!isMeasure(column)) {
          const status =
            column.name === "status" ? STATUSES.find((one) => one === row.values[at]) : undefined;
          return (
            <td key={column.name}>
              {status ? (
                <span className={styles.status}>
                  <StatusMark status={status} size={13} />
                  {text}
                </span>
              ) : (
                text
              )}
            </td>
          );
        }
        const [now, then] = [row.values[at] ?? null, before?.values[at] ?? null];
        return (
          <Fragment key={column.name}>
            <td className={styles.number}>
              <ReportNumber q={queryOf(report, row, at)} position={report.position}>
                {text}
              </ReportNumber>
            </td>
            {isCompared(report, column) ? (
              <td className={styles.before}>
                {before ? (
                  <ReportNumber q={queryOf(report, before, at)} position={report.position}>
                    {words.value(report, before, at)}
                  </ReportNumber>
                ) : (
                  <span>–</span>
                )}
                {now !== null && then !== null ? (
                  <span className={styles.difference}>{differs(column, Number(now), Number(then))}</span>
                ) : null}
              </td>
            ) : null}
          </Fragment>
        );
      })}
    </tr>
  );
}
