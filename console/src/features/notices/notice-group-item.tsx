import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import type { KindWords } from "~/lib/kinds";
import { Moment } from "~/ui/moment";
import { StatusChip } from "~/ui/status-chip";
import styles from "./inbox-page.module.css";
import { useEventWord, useNoticeLine, useWhyTold } from "./notice-words";

type Props = {
  group: NoticeGroup;
  words: KindWords;
  now: number;
  chosen: boolean;
  onChoose: () => void;
  children: ReactNode;
};

/** An operation with what was told of it; each notice says why it was. */
export function NoticeGroupItem({ group, words, now, chosen, onChoose, children }: Props) {
  const { operation, notices } = group;
  const event = useEventWord();
  const line = useNoticeLine();
  const why = useWhyTold();
  return (
    <li
      data-id={operation.id}
      data-chosen={chosen ? "" : undefined}
      className={styles.group}
      onFocus={onChoose}
    >
      <div className={styles.about}>
        <p>
          {words.kind}{" "}
          <Link to="/operations/$id" params={{ id: operation.id }}>
            {operation.reference}
          </Link>
        </p>
        <StatusChip status={operation.status} stage={words.stage(operation.stage)} />
        <div className={styles.acts}>{children}</div>
      </div>
      <ol className={styles.notices}>
        {notices.map((notice) => (
          <li key={notice.id} className={styles.notice} data-done={notice.done_at ? "" : undefined}>
            <p className={styles.line}>
              <strong>{event(notice.event)}</strong>
              {line(notice, words) === event(notice.event) ? "" : ` · ${line(notice, words)}`}
            </p>
            {notice.comment ? <blockquote className={styles.said}>{notice.comment}</blockquote> : null}
            <p className={styles.muted}>
              {notice.entry.actor.name} · <Moment at={notice.told_at} now={now} /> · {why(notice)}
            </p>
          </li>
        ))}
      </ol>
    </li>
  );
}
