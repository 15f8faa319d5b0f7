import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Entry } from "~/api/generated/model/entry";
import { useActorWord } from "~/lib/actor-word";
import { formatDuration } from "~/lib/durations";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { priorityOf, useAssigneeWord, useMomentWord, usePriorityWord } from "~/lib/work";
import { Moment } from "~/ui/moment";
import { StatusMark } from "~/ui/status-mark";
import type { LoadedHistory } from "./operation-query";
import styles from "./timeline.module.css";
import { useCauseWord } from "./words";

type Props = { history: LoadedHistory; words: KindWords; now: number };

/** Everything that happened or was tried, newest first. The numbers are the versions, dense: a gap would show. */
export function Timeline({ history, words, now }: Props) {
  const { entries, complete } = history;
  return (
    <>
      <ol className={styles.timeline} reversed>
        {entries.map((entry, index) => (
          <TimelineEntry key={entry.seq} entry={entry} before={entries[index + 1]} words={words} now={now} />
        ))}
      </ol>
      {complete ? null : (
        <p className={styles.more}>
          <Trans>The newest part is not all: older entries come from the API.</Trans>
        </p>
      )}
    </>
  );
}

// What a bulk job does carries its id.
const BULK = "bulk:";

type EntryProps = { entry: Entry; before: Entry | undefined; words: KindWords; now: number };

function TimelineEntry({ entry, before, words, now }: EntryProps) {
  const { t, i18n } = useLingui();
  const causeWord = useCauseWord();
  const actorWord = useActorWord();
  const reasonWords = useReasonWords();
  const since = before ? Date.parse(entry.at) - Date.parse(before.at) : 0;
  const after = formatDuration(i18n, since);
  const beside = entry.version === null;
  const spokenFor = entry.about[0]?.name;
  const job = entry.request_id?.startsWith(BULK) ? entry.request_id.slice(BULK.length) : null;
  return (
    <li className={styles.entry} data-beside={beside ? "" : undefined}>
      <span className={styles.mark}>
        {entry.to && !beside ? <StatusMark status={entry.to.status} /> : <span className={styles.dot} />}
      </span>
      <div className={styles.body}>
        <p className={styles.what}>
          <What entry={entry} words={words} />
        </p>
        <p className={styles.who}>
          {actorWord(entry.actor)}
          {entry.data?.for ? (
            <>
              {" "}
              <Trans>for {spokenFor}</Trans>
            </>
          ) : null}
          {entry.actor.id.startsWith("system:") ? null : ` · ${causeWord(entry.cause)}`}
          {entry.reason ? ` · ${reasonWords(entry.reason).internal}` : ""}
          {job ? (
            <>
              {" · "}
              <Link to="/bulk/$id" params={{ id: job }}>
                <Trans>bulk job</Trans>
              </Link>
            </>
          ) : null}
        </p>
        {entry.refusal ? (
          <p className={styles.refusal} lang="en">
            {entry.refusal.detail}
          </p>
        ) : null}
        {entry.comment ? <blockquote className={styles.comment}>{entry.comment}</blockquote> : null}
      </div>
      <div className={styles.when}>
        <Moment at={entry.at} now={now} />
        <span>
          {before && since >= 1000 ? (
            <span title={t`since the entry before`}>
              {t`after ${after}`}
              {beside ? "" : " · "}
            </span>
          ) : null}
          {beside ? null : `#${entry.version}`}
        </span>
      </div>
    </li>
  );
}

function What({ entry, words }: { entry: Entry; words: KindWords }) {
  const { t } = useLingui();
  const transition = entry.transition ? words.transition(entry.transition) : null;
  const assigneeWord = useAssigneeWord();
  const names = entry.about.map(assigneeWord).join(", ");
  const until = useMomentWord()(entry.data?.until);
  const priority = usePriorityWord()(priorityOf(entry.data?.priority));
  const promise = typeof entry.data?.target === "string" ? words.target(entry.data.target) : "";
  switch (entry.sort) {
    case "opened":
      return (
        <>
          <Trans>Opened</Trans>
          {entry.to ? (
            <>
              {" → "}
              <strong>{words.stage(entry.to.stage)}</strong>
            </>
          ) : null}
        </>
      );
    case "moved":
      return (
        <>
          {transition ? `${transition}: ` : null}
          {entry.from ? words.stage(entry.from.stage) : null}
          {" → "}
          <strong>{entry.to ? words.stage(entry.to.stage) : null}</strong>
        </>
      );
    case "amended":
      return <Trans>Amount or data changed</Trans>;
    case "refused":
      return <>{transition ? t`Refused: ${transition}` : t`Refused`}</>;
    case "contradicted":
      return <Trans>A report contradicts where it stands</Trans>;
    case "asked":
      return <Trans>“{transition}” asked for: it waits for approval</Trans>;
    case "consented":
      return <Trans>“{transition}” approved</Trans>;
    case "declined":
      return <Trans>“{transition}” declined</Trans>;
    case "withdrawn":
      return <Trans>“{transition}” withdrawn by who asked for it</Trans>;
    case "expired":
      return <Trans>“{transition}” expired: not all approvals came in time</Trans>;
    case "noted":
      return <Trans>Note</Trans>;
    case "assigned":
      return <Trans>Assigned to {names}</Trans>;
    case "claimed":
      return <Trans>Picked up</Trans>;
    case "released":
      return <Released entry={entry} names={names} />;
    case "snoozed":
      return <Trans>Snoozed until {until}</Trans>;
    case "woken":
      return <Trans>Taken up again before its time</Trans>;
    case "skipped":
      return <Trans>Skipped</Trans>;
    case "prioritised":
      return <Trans>Priority: {priority}</Trans>;
    case "tagged":
      return <Tagged entry={entry} />;
    case "warned":
      return <Trans>Promise nearly broken: {promise}</Trans>;
    case "breached":
      return <Trans>Promise broken: {promise}</Trans>;
    case "stalled":
      return <Trans>No sign of life for too long</Trans>;
    case "unmapped":
      return <Trans>A report with a code that nobody has explained yet</Trans>;
  }
}

function Tagged({ entry }: { entry: Entry }) {
  const listed = (tags: unknown) => (Array.isArray(tags) ? tags.join(", ") : "");
  const added = listed(entry.data?.added);
  const removed = listed(entry.data?.removed);
  return (
    <>
      {added ? <Trans>Tagged: {added}</Trans> : null}
      {added && removed ? " · " : null}
      {removed ? <Trans>Tags taken off: {removed}</Trans> : null}
    </>
  );
}

function Released({ entry, names }: { entry: Entry; names: string }) {
  if (entry.data?.assignee) return <Trans>No longer assigned to {names}</Trans>;
  return entry.about[0]?.id === entry.actor.id ? <Trans>Let go</Trans> : <Trans>Taken from {names}</Trans>;
}
