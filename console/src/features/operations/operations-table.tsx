import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import type { Operation } from "~/api/generated/model/operation";
import { formatDuration } from "~/lib/durations";
import { useSingleKeys } from "~/lib/keys";
import type { KindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { DeadlineText } from "~/ui/deadline";
import { Moment } from "~/ui/moment";
import { StatusChip } from "~/ui/status-chip";
import { GoneMark } from "./gone-mark";
import styles from "./operations-table.module.css";
import { SortHeader } from "./sort-header";

type Props = {
  rows: readonly Operation[];
  gone: ReadonlySet<string>;
  now: number;
  sort: string | undefined;
  subject: string;
  opened: string | undefined;
  wordsFor: (operation: Operation) => KindWords;
  onSort: (sort: string) => void;
  onShow: (id: string) => void;
  onClose: () => void;
};

// Where the reader was, so that coming back from an operation lands on its row.
let lastVisited: string | null = null;

export function OperationsTable(props: Props) {
  const { rows, gone, now, sort, subject, opened, wordsFor, onSort, onShow, onClose } = props;
  const { t } = useLingui();
  const body = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState(() => opened ?? lastVisited ?? rows[0]?.id);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === current),
  );

  const focusRow = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    setCurrent(row.id);
    lastVisited = row.id;
    linkOf(body.current, row.id)?.focus();
    if (opened) onShow(row.id);
  };
  useSingleKeys({
    j: () => focusRow(isInside(body.current) ? at + 1 : at),
    k: () => focusRow(isInside(body.current) ? at - 1 : at),
  });
  useEffect(() => {
    const link = lastVisited ? linkOf(body.current, lastVisited) : null;
    if (link && document.activeElement === document.body) link.focus({ preventScroll: false });
  }, []);

  const move = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") focusRow(at + 1);
    else if (event.key === "ArrowUp") focusRow(at - 1);
    else if (event.key === "Escape" && opened) onClose();
    else return;
    event.preventDefault();
  };
  const show = (event: MouseEvent, id: string) => {
    // A link keeps its own ways: new tab, new window, and Enter for the full page.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0 || event.detail === 0) return;
    if (window.getSelection()?.toString()) return;
    event.preventDefault();
    setCurrent(id);
    lastVisited = id;
    linkOf(body.current, id)?.focus({ preventScroll: true });
    onShow(id);
  };

  return (
    <div className={styles.holder} data-narrowed={opened ? "" : undefined}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t`Status`}</th>
            <th scope="col">{t`Type`}</th>
            <th scope="col">{t`Number`}</th>
            <th scope="col" className={styles.subject}>
              {subject}
            </th>
            <th scope="col" className={styles.right}>{t`Amount`}</th>
            <SortHeader name={t`Deadline`} field="deadline_at" sort={sort} onSort={onSort} />
            <th scope="col" className={styles.extra}>{t`In this stage`}</th>
            <SortHeader
              name={t`Created`}
              field="created_at"
              sort={sort}
              onSort={onSort}
              descendingFirst
              extra
            />
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={move}>
          {rows.map((row, index) => (
            <Row
              key={row.id}
              row={row}
              gone={gone.has(row.id)}
              now={now}
              words={wordsFor(row)}
              opened={row.id === opened}
              reachable={index === at}
              onFocus={() => setCurrent(row.id)}
              onShow={(event) => show(event, row.id)}
              onLeave={() => {
                lastVisited = row.id;
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = {
  row: Operation;
  gone: boolean;
  now: number;
  words: KindWords;
  opened: boolean;
  reachable: boolean;
  onFocus: () => void;
  onShow: (event: MouseEvent) => void;
  onLeave: () => void;
};

function Row({ row, gone, now, words, opened, reachable, onFocus, onShow, onLeave }: RowProps) {
  const { i18n } = useLingui();
  const language = useLanguage();
  const amount = row.amount ? formatMoney(row.amount, language) : "";
  return (
    <tr
      className={styles.row}
      data-opened={opened ? "" : undefined}
      data-gone={gone ? "" : undefined}
      data-id={row.id}
      onClick={onShow}
    >
      <td>
        <span className={styles.status}>
          {gone ? <GoneMark /> : <StatusChip status={row.status} />}
          {gone ? null : (
            <span className={styles.stage} title={words.stage(row.stage)}>
              {words.stage(row.stage)}
            </span>
          )}
        </span>
      </td>
      <td>{words.kind}</td>
      <td className={styles.number}>
        <Link
          to="/operations/$id"
          params={{ id: row.id }}
          tabIndex={reachable ? 0 : -1}
          aria-current={opened ? "true" : undefined}
          onFocus={onFocus}
          onClick={onLeave}
        >
          {row.reference}
        </Link>
      </td>
      <td className={styles.subject} title={row.subject ?? undefined}>
        {row.subject}
      </td>
      <td className={styles.right}>{amount}</td>
      <td>
        {row.deadline_at && !row.closed_at && !gone ? <DeadlineText at={row.deadline_at} now={now} /> : null}
      </td>
      <td className={`${styles.muted} ${styles.extra}`}>
        {formatDuration(i18n, now - Date.parse(row.entered_at))}
      </td>
      <td className={`${styles.muted} ${styles.extra}`}>
        <Moment at={row.created_at} now={now} />
      </td>
    </tr>
  );
}

function linkOf(body: HTMLElement | null, id: string): HTMLAnchorElement | null {
  return body?.querySelector<HTMLAnchorElement>(`tr[data-id="${CSS.escape(id)}"] a`) ?? null;
}

function isInside(body: HTMLElement | null): boolean {
  return body?.contains(document.activeElement) ?? false;
}
