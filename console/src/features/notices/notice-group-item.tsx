import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Notice } from "~/api/generated/model/notice";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import { useActorWord } from "~/lib/actor-word";
import type { KindWords } from "~/lib/kinds";
import { useMomentWord } from "~/lib/work";
import { Moment } from "~/ui/moment";
import { StatusChip } from "~/ui/status-chip";
import styles from "./inbox-page.module.css";
import { useNoticeWords, useWhyTold } from "./notice-words";

type Props = {
  group: NoticeGroup;
  words: KindWords;
  now: number;
  chosen: boolean;
  muted: boolean;
  onChoose: () => void;
  children: ReactNode;
};

/** An operation with what was told of it; each notice says why it was. */
export function NoticeGroupItem({ group, words, now, chosen, muted, onChoose, children }: Props) {
  const { operation, notices } = group;
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
        {muted ? (
          <span className={styles.muted}>
            <Trans>Muted</Trans>
          </span>
        ) : null}
        <div className={styles.acts}>{children}</div>
      </div>
      <ol className={styles.notices}>
        {notices.map((notice) => (
          <NoticeItem key={notice.id} notice={notice} words={words} now={now} />
        ))}
      </ol>
    </li>
  );
}

function NoticeItem({ notice, words, now }: { notice: Notice; words: KindWords; now: number }) {
  const actor = useActorWord();
  const why = useWhyTold();
  const moment = useMomentWord();
  const { title, line } = useNoticeWords()(notice, words);
  const { done_at, snoozed_until } = notice;
  const until = !done_at && snoozed_until && Date.parse(snoozed_until) > now ? moment(snoozed_until) : null;
  return (
    <li className={styles.notice} data-done={notice.done_at ? "" : undefined}>
      <p className={styles.line}>
        <strong>{title}</strong>
        {line ? ` · ${line}` : ""}
      </p>
      {notice.comment ? <blockquote className={styles.said}>{notice.comment}</blockquote> : null}
      <p className={styles.muted}>
        {actor(notice.entry.actor)} · <Moment at={notice.told_at} now={now} /> · {why(notice)}
        {until ? (
          <>
            {" · "}
            <Trans>put off until {until}</Trans>
          </>
        ) : null}
      </p>
    </li>
  );
}
