import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { type UseInfiniteQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { badgeOptions } from "~/lib/inbox";
import { useWordsFor } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import styles from "./inbox-page.module.css";
import { inboxOptions, useChangeNotices } from "./inbox-query";
import { NoticeGroupItem } from "./notice-group-item";
import { useMute } from "./settings-query";

type Shown = UseInfiniteQueryResult<NoticeGroup[], Error>;

const NONE: readonly NoticeGroup[] = [];

/** What the reader was told, by operation; done with `e`, undone with `z`. */
export function InboxPage({ tab }: { tab: NoticeTab }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const inbox = useInfiniteQuery(inboxOptions(tab));
  const waiting = useWaitedLong(inbox.isPending);
  const change = useChangeNotices();
  const mute = useMute();
  const now = useNow();
  const { data: badge } = useQuery(badgeOptions);
  const groups = inbox.data ?? NONE;
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
    const ids = openIn(group);
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
  const snooze = (group: NoticeGroup | undefined) => {
    const ids = openIn(group);
    if (!group || ids.length === 0) return;
    change.mutate(
      { act: "snooze", ids, until: tomorrowMorning().toISOString() },
      {
        onSuccess: ({ changed }) => {
          undoable.current.push(changed);
          announce(t`${group.operation.reference}: put off until tomorrow. z undoes it.`);
        },
      },
    );
  };
  const silence = (group: NoticeGroup | undefined) => {
    if (!group) return;
    const { id, reference } = group.operation;
    mute.mutate(
      { about: `operation:${id}`, muted: true },
      {
        onSuccess: () => announce(t`You hear no more of ${reference}. In the settings you can change that.`),
      },
    );
  };
  useShortcuts({
    nextRow: () => step(1),
    previousRow: () => step(-1),
    noticeDone: () => done(groups[at]),
    noticeSnooze: () => snooze(groups[at]),
    noticeMute: () => silence(groups[at]),
    noticeUndo: undo,
  });
  const unread = badge?.unread ?? 0;
  const tabs: [NoticeTab, string][] = [
    ["unread", t`Unread`],
    ["all", t`All`],
    ["mentions", t`Mentions`],
    ["snoozed", t`Put off`],
  ];
  return (
    <main className={layout.page} aria-busy={waiting}>
      <title>{`${unread > 0 ? `(${unread}) ` : ""}${t`Inbox`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={layout.heading}>
          <Trans>Inbox</Trans>
        </h1>
        <nav className={styles.tabs} aria-label={t`Parts of the inbox`}>
          {tabs.map(([name, label]) => (
            <Link
              key={name}
              to="/inbox"
              search={name === "unread" ? {} : { tab: name }}
              activeOptions={{ exact: true }}
              aria-current={name === tab ? "page" : undefined}
              className={styles.tab}
            >
              {label}
            </Link>
          ))}
        </nav>
        <Link to="/inbox/settings" className={styles.tab}>
          <Trans>What I am told</Trans>
        </Link>
      </div>
      {inbox.error && !inbox.data ? (
        <FailedFace error={inbox.error} onRetry={() => inbox.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
      {inbox.data && groups.length === 0 && !inbox.hasNextPage ? <EmptyInbox tab={tab} /> : null}
      {groups.length > 0 ? (
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
              <GroupActs
                open={openIn(group).length > 0}
                onDone={() => done(group)}
                onSnooze={() => snooze(group)}
                onMute={() => silence(group)}
              />
            </NoticeGroupItem>
          ))}
        </ul>
      ) : null}
      {groups.length > 0 || inbox.hasNextPage ? <Foot inbox={inbox} /> : null}
    </main>
  );
}

function EmptyInbox({ tab }: { tab: NoticeTab }) {
  const { t } = useLingui();
  return (
    <div className={styles.nothing}>
      <p>
        <strong>{tab === "unread" ? t`All read.` : t`Nothing here yet.`}</strong>
      </p>
      <p>
        <Trans>What concerns you appears here by itself.</Trans>
      </p>
    </div>
  );
}

/** How far back the inbox is shown, and the way further. */
function Foot({ inbox }: { inbox: Shown }) {
  const { t } = useLingui();
  const notices = inbox.data?.reduce((count, group) => count + group.notices.length, 0) ?? 0;
  const shown = formatCount(notices, useLanguage());
  return (
    <div className={styles.foot}>
      {inbox.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          loading={inbox.isFetchingNextPage}
          onClick={() => inbox.fetchNextPage()}
        >
          <Trans>Show older</Trans>
        </Button>
      ) : null}
      <span>
        {inbox.isFetchNextPageError
          ? t`What is older could not be loaded. Try again.`
          : inbox.hasNextPage
            ? t`${shown} shown`
            : t`${shown} shown, that is all`}
      </span>
    </div>
  );
}

type ActsProps = { open: boolean; onDone: () => void; onSnooze: () => void; onMute: () => void };

function GroupActs({ open, onDone, onSnooze, onMute }: ActsProps) {
  const { t } = useLingui();
  return (
    <>
      {open ? (
        <>
          <Button variant="default" size="xs" onClick={onDone}>
            {t`Done`}
          </Button>
          <Button variant="default" size="xs" onClick={onSnooze}>
            {t`Tomorrow`}
          </Button>
        </>
      ) : null}
      <Button variant="default" size="xs" onClick={onMute}>
        {t`Mute`}
      </Button>
    </>
  );
}

/** What of a group is not done with yet. */
function openIn(group: NoticeGroup | undefined): number[] {
  return group?.notices.filter((notice) => !notice.done_at).map((notice) => notice.id) ?? [];
}

function tomorrowMorning(): Date {
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  return morning;
}
