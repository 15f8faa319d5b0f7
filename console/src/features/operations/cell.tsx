import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import { formatDuration } from "~/lib/durations";
import type { KindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { useAssigneeWord, usePriorityWord } from "~/lib/work";
import { DeadlineText } from "~/ui/deadline";
import { Moment } from "~/ui/moment";
import { StatusChip, useStatusWord } from "~/ui/status-chip";
import { GoneMark } from "./gone-mark";
import styles from "./operations-table.module.css";
import { PromiseCell } from "./promise-cell";
import { Value } from "./value";

type Props = {
  column: string;
  row: OperationAtWork;
  words: KindWords;
  now: number;
  gone: boolean;
  /** The stage has a column of its own, and need not stand beside the status. */
  stageApart: boolean;
  opened: boolean;
  reachable: boolean;
  /** The field whose tools are shown in this row. */
  pointed: string | null;
};

/** What one column says of one operation. Values that a filter can name say so: they can be filtered on. */
export function Cell(props: Props): ReactNode {
  const { column, row, words, now, gone, stageApart, opened, reachable, pointed } = props;
  const { i18n } = useLingui();
  const language = useLanguage();
  const statusWord = useStatusWord();
  const waitingOn = useWaitingOnWord();
  const assigneeWord = useAssigneeWord();
  const priorityWord = usePriorityWord();
  const value = (field: string, code: string, label: string, shown?: ReactNode, end?: boolean) => (
    <Value field={field} code={code} label={label} pointed={pointed === field} end={end}>
      {shown ?? label}
    </Value>
  );
  const day = (field: string, at: string | null) =>
    at ? value(field, localDay(at), localDay(at), <Moment at={at} now={now} />) : null;

  switch (column) {
    case "status":
      if (gone) return <GoneMark />;
      return (
        <span className={styles.status}>
          {value("status", row.status, statusWord(row.status), <StatusChip status={row.status} />)}
          {stageApart ? null : (
            <span className={styles.stage}>{value("stage", row.stage, words.stage(row.stage))}</span>
          )}
        </span>
      );
    case "stage":
      return gone ? null : value("stage", row.stage, words.stage(row.stage));
    case "kind":
      return value("kind", row.kind, words.kind);
    case "number":
      return (
        <Link
          to="/operations/$id"
          params={{ id: row.id }}
          tabIndex={reachable ? 0 : -1}
          aria-current={opened ? "true" : undefined}
        >
          {row.reference}
        </Link>
      );
    case "subject":
      return row.subject ? value("subject", row.subject, row.subject) : null;
    case "amount":
      return row.amount
        ? value(
            "amount",
            `${row.amount.value}${row.amount.currency}`,
            formatMoney(row.amount, language),
            undefined,
            true,
          )
        : null;
    case "assignee": {
      const assignee = row.assignment?.assignee;
      return assignee ? value("assignee", assignee.id, assigneeWord(assignee)) : null;
    }
    case "priority": {
      const level = row.assignment?.priority ?? "normal";
      return value("priority", level, priorityWord(level));
    }
    case "deadline":
      return row.deadline_at && !row.closed_at && !gone
        ? value(
            "deadline",
            localDay(row.deadline_at),
            localDay(row.deadline_at),
            <DeadlineText at={row.deadline_at} now={now} />,
          )
        : null;
    case "promise":
      return gone || row.closed_at ? null : (
        <PromiseCell
          id={row.id}
          words={words}
          now={now}
          value={(flag, label, shown) => value("is", flag, label, shown)}
        />
      );
    case "age":
      return formatDuration(i18n, now - Date.parse(row.entered_at));
    case "created":
      return day("created", row.created_at);
    case "changed":
      return day("changed", row.changed_at);
    case "closed":
      return day("closed", row.closed_at);
    case "brand":
      return row.brand ? value("brand", row.brand, row.brand) : null;
    case "waiting_on":
      return row.waiting_on ? value("waiting_on", row.waiting_on, waitingOn(row.waiting_on)) : null;
    case "tags":
      return row.tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ));
    case "currency":
      return row.amount?.currency ?? null;
    case "final":
      return row.final === "provisional" ? (
        <Trans>not yet</Trans>
      ) : row.final === "yes" ? (
        <Trans>yes</Trans>
      ) : null;
    case "version":
      return row.version;
    case "id":
      return <code>{row.id}</code>;
    default:
      return attribute(column, row, value);
  }
}

function attribute(
  column: string,
  row: OperationAtWork,
  value: (field: string, code: string, label: string) => ReactNode,
): ReactNode {
  const held = row.attributes[column.replace(/^attributes\./, "")];
  if (held === null || held === undefined) return null;
  const text = typeof held === "object" ? JSON.stringify(held) : String(held);
  return value(column, text, text);
}

/** The day in the reader's zone, as the query language writes it. */
function localDay(at: string): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
