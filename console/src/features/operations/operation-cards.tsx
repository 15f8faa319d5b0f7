import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import { formatDuration } from "~/lib/durations";
import type { KindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { DeadlineText } from "~/ui/deadline";
import { StatusChip } from "~/ui/status-chip";
import { GoneMark } from "./gone-mark";
import styles from "./operation-cards.module.css";

type Props = {
  rows: readonly OperationAtWork[];
  gone: ReadonlySet<string>;
  now: number;
  wordsFor: (operation: OperationAtWork) => KindWords;
};

/** The list where a table has no room. */
export function OperationCards({ rows, gone, now, wordsFor }: Props) {
  const { t, i18n } = useLingui();
  const language = useLanguage();
  return (
    <ul aria-label={t`Operations`}>
      {rows.map((row) => {
        const words = wordsFor(row);
        return (
          <li key={row.id}>
            <Link to="/operations/$id" params={{ id: row.id }} className={styles.card}>
              <span className={styles.line}>
                <span className={styles.status}>
                  {gone.has(row.id) ? <GoneMark /> : <StatusChip status={row.status} />}
                  {gone.has(row.id) ? null : <span className={styles.muted}>{words.stage(row.stage)}</span>}
                </span>
                <span className={styles.muted}>{formatDuration(i18n, now - Date.parse(row.entered_at))}</span>
              </span>
              <span className={styles.line}>
                <strong>
                  {words.kind} <code>{row.reference}</code>
                </strong>
                {row.amount ? <strong>{formatMoney(row.amount, language)}</strong> : null}
              </span>
              <span className={styles.line}>
                <span className={styles.muted}>{row.subject}</span>
                {row.deadline_at && !row.closed_at && !gone.has(row.id) ? (
                  <DeadlineText at={row.deadline_at} now={now} />
                ) : null}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
