import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { useNow, useWaitedLong } from "~/lib/clock";
import { badgeOptions } from "~/lib/inbox";
import { useWordsFor } from "~/lib/kinds";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { ListFoot } from "~/ui/list-foot";
import { GroupActs } from "./group-acts";
import styles from "./inbox-page.module.css";
import { inboxOptions } from "./inbox-query";
import { NoticeGroupItem } from "./notice-group-item";
import { useMuted } from "./settings-query";
import { openIn, putOffUntil, useInboxActs } from "./use-inbox-acts";

const NONE: readonly NoticeGroup[] = [];

/** What the reader was told, by operation; done with `e`, undone with `z`. */
export function InboxPage({ tab }: { tab: NoticeTab }) {
  const { t } = useLingui();
  const inbox = useInfiniteQuery(inboxOptions(tab));
  const { data: badge } = useQuery(badgeOptions);
  const mutes = useMuted();
  const waiting = useWaitedLong(inbox.isPending);
  const now = useNow();
  const groups = inbox.data ?? NONE;
  const wordsFor = useWordsFor(groups.map((group) => group.operation));
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [chosen, choose] = useState<string | null>(null);
  const [sought, seek] = useState<{ operation: string | undefined } | null>(null);
  useEffect(() => {
    if (!sought) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-id="${sought.operation}"] a`);
    // Else a keyboard that finished the last row would be nowhere.
    (row ?? heading.current)?.focus();
  }, [sought]);
  const acts = useInboxActs((operation) => seek({ operation }));

  const at = groups.findIndex((group) => group.operation.id === chosen);
  const step = (by: number) => {
    const next = groups[Math.min(Math.max(at + by, 0), groups.length - 1)];
    if (next) seek({ operation: next.operation.id });
  };
  const beside = (group: NoticeGroup) => {
    const nth = groups.indexOf(group);
    return (groups[nth + 1] ?? groups[nth - 1])?.operation.id;
  };
  const stays = tab === "all" || tab === "mentions";
  const actsOn = (group: NoticeGroup) => {
    const { id } = group.operation;
    const waits = putOffUntil(group, now) !== null;
    const muted = mutes.has(`operation:${id}`);
    const next = beside(group) ?? (stays ? id : undefined);
    return {
      open: openIn(group).length > 0,
      waits,
      muted,
      onDone: () => acts.finish(group, next),
      onSnooze: () => (waits ? undefined : acts.snooze(group, next)),
      onReopen: () => acts.reopen(group, stays ? id : next),
      onMute: () => acts.silence(group, !muted),
    };
  };
  const here = groups[at] ? actsOn(groups[at]) : null;
  useShortcuts({
    nextRow: () => step(1),
    previousRow: () => step(-1),
    noticeDone: () => here?.onDone(),
    noticeSnooze: () => here?.onSnooze(),
    noticeMute: () => here?.onMute(),
    noticeUndo: acts.undo,
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
        <h1 ref={heading} tabIndex={-1} className={layout.heading}>
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
              muted={
                mutes.has(`operation:${group.operation.id}`) || mutes.has(`kind:${group.operation.kind}`)
              }
              onChoose={() => choose(group.operation.id)}
            >
              <GroupActs {...actsOn(group)} />
            </NoticeGroupItem>
          ))}
        </ul>
      ) : null}
      {groups.length > 0 || inbox.hasNextPage ? (
        <ListFoot
          className={styles.foot}
          list={inbox}
          count={groups.reduce((count, group) => count + group.notices.length, 0)}
          more={t`Show older`}
          failed={t`What is older could not be loaded. Try again.`}
        />
      ) : null}
    </main>
  );
}

function EmptyInbox({ tab }: { tab: NoticeTab }) {
  const { t } = useLingui();
  return (
    <div className={styles.nothing}>
      <p>
        <strong>
          {tab === "unread"
            ? t`All read.`
            : tab === "snoozed"
              ? t`Nothing is put off.`
              : t`Nothing here yet.`}
        </strong>
      </p>
      <p>
        {tab === "snoozed" ? (
          <Trans>What you put off waits here, and is unread again when its time has come.</Trans>
        ) : (
          <Trans>What concerns you appears here by itself.</Trans>
        )}
      </p>
    </div>
  );
}

/** How far back the inbox is shown, and the way further. */
