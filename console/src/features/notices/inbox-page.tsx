import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useWordsFor } from "~/lib/kinds";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Face, FailedFace } from "~/ui/faces";
import styles from "./inbox-page.module.css";
import { inboxOptions, useChangeNotices } from "./inbox-query";
import { NoticeGroupItem } from "./notice-group-item";

const NONE: readonly NoticeGroup[] = [];

/** What the reader was told, by operation; done with `e`, undone with `z`. */
export function InboxPage({ tab }: { tab: NoticeTab }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const inbox = useQuery(inboxOptions(tab));
  const waiting = useWaitedLong(inbox.isPending);
  const change = useChangeNotices();
  const now = useNow();
  const groups = inbox.data?.items ?? NONE;
  const wordsFor = useWordsFor(groups.map((group) => group.operation));
  const list = useRef<HTMLUListElement>(null);
  const [chosen, choose] = useState<string | null>(null);
  const undoable = useRef<number[][]>([]);

  const at = groups.findIndex((group) => group.operation.id === chosen);
  const step = (by: number) => {
    const next = groups[Math.min(Math.max(at + by, 0), groups.length - 1)];
    if (!next) return;
    choose(next.operation.id);
    list.current?.querySelector<HTMLElement>(`[data-id="${next.operation.id}"] a`)?.focus();
  };
  const done = (group: NoticeGroup | undefined) => {
    const ids = group?.notices.filter((notice) => !notice.done_at).map((notice) => notice.id) ?? [];
    if (!group || ids.length === 0) return;
    const next = groups[groups.indexOf(group) + 1] ?? groups[groups.indexOf(group) - 1];
    change.mutate(
      { act: "done", ids },
      {
        onSuccess: ({ changed }) => {
          undoable.current.push(changed);
          choose(next?.operation.id ?? null);
          announce(t`${group.operation.reference}: done. z undoes it.`);
        },
      },
    );
  };
  const undo = () => {
    const ids = undoable.current.pop();
    if (ids) change.mutate({ act: "undo", ids }, { onSuccess: () => announce(t`Undone.`) });
  };
  useShortcuts({
    nextRow: () => step(1),
    previousRow: () => step(-1),
    noticeDone: () => done(groups[at]),
    noticeUndo: undo,
  });
  const unread = inbox.data?.badge.unread ?? 0;
  const tabs: [NoticeTab, string][] = [
    ["unread", t`Unread`],
    ["all", t`All`],
    ["mentions", t`Mentions`],
  ];
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${unread > 0 ? `(${unread}) ` : ""}${t`Inbox`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Inbox</Trans>
        </h1>
        <nav className={styles.tabs} aria-label={t`Parts of the inbox`}>
          {tabs.map(([name, label]) => (
            <Link
              key={name}
              to="/inbox"
              search={name === "unread" ? {} : { tab: name }}
              aria-current={name === tab ? "page" : undefined}
              className={styles.tab}
            >
              {label}
            </Link>
          ))}
        </nav>
      </div>
      {inbox.data ? (
        groups.length > 0 ? (
          <ul ref={list} className={styles.groups} aria-label={t`Inbox`}>
            {groups.map((group) => (
              <NoticeGroupItem
                key={group.operation.id}
                group={group}
                words={wordsFor(group.operation)}
                now={now}
                chosen={group.operation.id === chosen}
                onChoose={() => choose(group.operation.id)}
              >
                {group.notices.some((notice) => !notice.done_at) ? (
                  <Button variant="default" size="xs" onClick={() => done(group)}>
                    {t`Done`}
                  </Button>
                ) : null}
              </NoticeGroupItem>
            ))}
          </ul>
        ) : (
          <div className={styles.nothing}>
            <p>
              <strong>{tab === "unread" ? t`All read.` : t`Nothing here yet.`}</strong>
            </p>
            <p>
              <Trans>What concerns you appears here by itself.</Trans>
            </p>
          </div>
        )
      ) : inbox.error ? (
        <FailedFace error={inbox.error} onRetry={() => inbox.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
    </main>
  );
}
