import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { formatDuration } from "~/lib/durations";
import type { KindWords } from "~/lib/kinds";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { CopyButton } from "~/ui/copy-button";
import { DeadlineText } from "~/ui/deadline";
import { Moment } from "~/ui/moment";
import styles from "./facts.module.css";
import { reportsOptions } from "./operation-query";
import { Promises } from "./promises";

type Props = { operation: OperationDetail; words: KindWords; now: number };

export function Facts({ operation, words, now }: Props) {
  const { t, i18n } = useLingui();
  const waitingOn = useWaitingOnWord();
  const inStage = formatDuration(i18n, now - Date.parse(operation.entered_at));
  return (
    <dl className={styles.facts}>
      {operation.waiting_on ? <Fact name={t`Waiting on`}>{waitingOn(operation.waiting_on)}</Fact> : null}
      {operation.deadline_at && !operation.closed_at ? (
        <Fact name={t`Deadline`}>
          <DeadlineText at={operation.deadline_at} now={now} />
        </Fact>
      ) : null}
      <Promises id={operation.id} version={operation.version} words={words} now={now} />
      <Fact name={t`In this stage`}>{inStage}</Fact>
      {operation.subject ? (
        <Fact name={words.subject ?? t`Subject`}>
          <Link
            to="/operations"
            search={{ q: `subject:${quoted(operation.subject)}` }}
            title={t`All operations of this subject`}
          >
            {operation.subject}
          </Link>
        </Fact>
      ) : null}
      {operation.brand ? <Fact name={t`Brand`}>{operation.brand}</Fact> : null}
      <Fact name={t`Created`}>
        <Moment at={operation.created_at} now={now} />
      </Fact>
      <Fact name={t`Changed`}>
        <Moment at={operation.changed_at} now={now} />
      </Fact>
      {operation.closed_at ? (
        <Fact name={t`Closed`}>
          <Moment at={operation.closed_at} now={now} />
        </Fact>
      ) : null}
      {operation.final === "provisional" ? (
        <Fact name={t`Final`}>
          <Trans>not yet: it may still be returned</Trans>
        </Fact>
      ) : null}
      {operation.contradiction ? (
        <Fact name={t`Contradiction`}>
          <strong>
            <Trans>a report says otherwise; see the timeline</Trans>
          </strong>
        </Fact>
      ) : null}
      {operation.tags.length > 0 ? <Fact name={t`Tags`}>{operation.tags.join(", ")}</Fact> : null}
      {operation.parent_id ? (
        <Fact name={t`Part of`}>
          <Link to="/operations/$id" params={{ id: operation.parent_id }}>
            <Trans>the operation above it</Trans>
          </Link>
        </Fact>
      ) : null}
      {Object.entries(operation.aliases ?? {}).map(([scheme, value]) => (
        <Fact key={scheme} name={scheme}>
          <code>{String(value)}</code>
        </Fact>
      ))}
      <Reports id={operation.id} />
      <Fact name={t`Id`}>
        <span className={styles.id}>
          <code>{operation.id}</code>
          <CopyButton value={operation.id} label={t`Copy the id`} />
        </span>
      </Fact>
    </dl>
  );
}

/** What providers said about it, where any did. */
function Reports({ id }: { id: string }) {
  const { t } = useLingui();
  const { data } = useQuery(reportsOptions(id));
  if (!data?.items.length) return null;
  return (
    <Fact name={t`Reports`}>
      <Link to="/signals" search={{ operation: id }}>
        <Trans>What providers reported</Trans>
      </Link>
    </Fact>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function quoted(value: string): string {
  return /^[\w.@+-]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`;
}
