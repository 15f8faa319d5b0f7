import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ChildOperation } from "~/api/generated/model/child-operation";
import { type KindWords, useWordsFor } from "~/lib/kinds";
import { DeadlineText } from "~/ui/deadline";
import { FailedFace } from "~/ui/faces";
import { StatusChip } from "~/ui/status-chip";
import styles from "./children-tab.module.css";
import { childrenOptions } from "./operation-query";
import { TimelineSkeleton } from "./operation-skeleton";

type Props = { id: string; now: number };

/** What stands under an operation, each followed by its own children. */
export function ChildrenTab({ id, now }: Props) {
  const { t } = useLingui();
  const found = useQuery(childrenOptions(id));
  const items = found.data?.items ?? [];
  const wordsFor = useWordsFor(items.map((one) => one.operation));
  if (found.isError) return <FailedFace error={found.error} onRetry={() => found.refetch()} />;
  if (!found.data) return <TimelineSkeleton />;
  if (items.length === 0) {
    return (
      <p className={styles.none}>
        <Trans>Nothing stands under this operation.</Trans>
      </p>
    );
  }
  return (
    <>
      <ul className={styles.children} aria-label={t`Operations under this one`}>
        {items.map((one) => (
          <Child key={one.operation.id} child={one} words={wordsFor(one.operation)} now={now} />
        ))}
      </ul>
      <p className={styles.none}>
        {found.data.partial ? <Trans>There are more than are shown here.</Trans> : null}{" "}
        <Link to="/operations" search={{ q: `parent:${id}` }}>
          <Trans>Show as a list</Trans>
        </Link>
      </p>
    </>
  );
}

type ChildProps = { child: ChildOperation; words: KindWords; now: number };

function Child({ child: { depth, operation }, words, now }: ChildProps) {
  const { t } = useLingui();
  return (
    <li className={styles.child} style={{ paddingInlineStart: `${(depth - 1) * 22}px` }}>
      <StatusChip status={operation.status} stage={words.stage(operation.stage)} />
      <Link to="/operations/$id" params={{ id: operation.id }}>
        {words.kind} {operation.reference}
      </Link>
      {depth > 1 ? <span className={styles.depth}>{t`level ${depth}`}</span> : null}
      {operation.deadline_at && !operation.closed_at ? (
        <span className={styles.due}>
          <DeadlineText at={operation.deadline_at} now={now} />
        </span>
      ) : null}
    </li>
  );
}
