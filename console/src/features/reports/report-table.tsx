import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { isMeasure, queryOf, type Report } from "./report-model";
import styles from "./report-table.module.css";
import type { ReportWords } from "./use-report-words";

/** The same as the chart, for reading, hearing and typing: each number leads to the operations it counts. */
export function ReportTable({ report, words, title }: { report: Report; words: ReportWords; title: string }) {
  const { t } = useLingui();
  return (
    // Wider than a small screen: scrolled by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
    <section className={styles.scroller} tabIndex={0} aria-label={t`Table: ${title}`}>
      <table className={styles.table}>
        <thead>
          <tr>
            {report.columns.map((column) => (
              <th key={column.name} scope="col" className={isMeasure(column) ? styles.number : undefined}>
                {words.column(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row, nth) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; the rows come new with every answer
            <tr key={nth}>
              {report.columns.map((column, at) => {
                const text = words.value(report, row, at);
                if (!isMeasure(column)) return <td key={column.name}>{text}</td>;
                const q = row.values[at] === null ? null : queryOf(report, row, at);
                return (
                  <td key={column.name} className={styles.number}>
                    {q === null ? (
                      <span>{text}</span>
                    ) : (
                      <Link to="/operations" search={{ q }}>
                        {text}
                      </Link>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
