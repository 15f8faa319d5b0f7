import { useLingui } from "@lingui/react/macro";
import { useRef } from "react";
import type { ChangeNotices } from "~/api/generated/model/change-notices";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import { useAnnounce } from "~/lib/announce";
import { useProblemWords } from "~/ui/faces";
import { useChangeNotices } from "./inbox-query";
import { useMute } from "./settings-query";

/** What puts an act's notices back as they were, and of which operation they are. */
type Undoable = { back: ChangeNotices; operation: string };

/** What a reader does with what they were told. Each act says what it did or why not; `goTo`: where the reader is then. */
export function useInboxActs(goTo: (operation: string | undefined) => void) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const { mutateAsync: change } = useChangeNotices();
  const { mutateAsync: mute } = useMute();
  const undoable = useRef<Undoable[]>([]);
  const refused = (error: unknown) => announce(explain(error));

  const undo = (one = undoable.current.at(-1)) => {
    if (!one) return;
    change(one.back).then(() => {
      undoable.current = undoable.current.filter((other) => other !== one);
      announce(t`Undone.`);
      goTo(one.operation);
    }, refused);
  };
  const perform = (group: NoticeGroup, sent: ChangeNotices, said: string, next: string | undefined) => {
    if (sent.ids?.length === 0) return;
    change(sent).then(({ changed }) => {
      const one = { back: backTo(group, changed), operation: group.operation.id };
      undoable.current.push(one);
      announce(said, { label: t`Undo`, onAct: () => undo(one) });
      goTo(next);
    }, refused);
  };
  return {
    undo: () => undo(),
    finish: (group: NoticeGroup, next: string | undefined) => {
      const { reference } = group.operation;
      perform(group, { act: "done", ids: openIn(group) }, t`${reference}: done. z undoes it.`, next);
    },
    snooze: (group: NoticeGroup, next: string | undefined) => {
      const { reference } = group.operation;
      const until = tomorrowMorning().toISOString();
      const said = t`${reference}: put off until tomorrow. z undoes it.`;
      perform(group, { act: "snooze", ids: openIn(group), until }, said, next);
    },
    /** Neither done with nor put off. */
    reopen: (group: NoticeGroup, next: string | undefined) => {
      const { reference } = group.operation;
      const open = openIn(group);
      const ids = open.length > 0 ? open : group.notices.map((notice) => notice.id);
      perform(group, { act: "undo", ids }, t`${reference}: unread again. z undoes it.`, next);
    },
    silence: ({ operation: { id, reference } }: NoticeGroup, muted: boolean) => {
      mute({ about: `operation:${id}`, muted }).then(
        () =>
          announce(
            muted
              ? t`You hear no more of ${reference}. In the settings you can change that.`
              : t`You hear of ${reference} again.`,
          ),
        refused,
      );
    },
  };
}

/** What of a group is not done with yet. */
export function openIn(group: NoticeGroup): number[] {
  return group.notices.filter((notice) => !notice.done_at).map((notice) => notice.id);
}

/** Until when a group waits, all that is not done with of it; null where it does not. */
export function putOffUntil(group: NoticeGroup, now: number): string | null {
  const open = group.notices.filter((notice) => !notice.done_at);
  const until = open.flatMap(({ snoozed_until: at }) => (at && Date.parse(at) > now ? [at] : []));
  return open.length > 0 && until.length === open.length ? (until.sort().at(0) ?? null) : null;
}

/** What these notices of a group were before: done with, put off, or neither. */
function backTo(group: NoticeGroup, ids: number[]): ChangeNotices {
  if (openIn(group).length === 0) return { act: "done", ids };
  const until = putOffUntil(group, Date.now());
  return until ? { act: "snooze", ids, until } : { act: "undo", ids };
}

function tomorrowMorning(): Date {
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  return morning;
}
