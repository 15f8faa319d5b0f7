import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { approvalsOptions } from "~/lib/approvals";
import { useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import styles from "./approvals-page.module.css";
import { ApprovalsTable } from "./approvals-table";

type Props = {
  /** How many things beside single moves wait for the reader's consent, and what shows them. */
  others: number;
  beside: ReactNode;
};

/** What waits for the reader's consent, and what the reader asked for and others decide. */
export function ApprovalsPage({ others, beside }: Props) {
  const { t } = useLingui();
  const heading = useRef<HTMLHeadingElement>(null);
  const decide = useQuery(approvalsOptions("decide"));
  const asked = useQuery(approvalsOptions("asked"));
  const waiting = useWaitedLong(decide.isPending || asked.isPending);
  const retry = () => {
    decide.refetch();
    asked.refetch();
  };
  // The row whose button was pressed is gone with its verdict.
  const onSaid = () => setTimeout(() => heading.current?.focus(), 160);
  const single = decide.data?.items.length ?? 0;
  const count = single + others;
  const error = decide.error ?? asked.error;
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${count > 0 ? `(${count}) ` : ""}${t`Approvals`} · Viertakt`}</title>
      <h1 ref={heading} tabIndex={-1} className={layout.heading}>
        <Trans>Approvals</Trans>
      </h1>
      {decide.data && asked.data ? (
        <>
          <section aria-labelledby="approvals-decide" className={layout.section}>
            <h2 id="approvals-decide" className={layout.band}>
              <Trans>For you to decide</Trans> <span className={styles.count}>{count}</span>
            </h2>
            {beside}
            {single > 0 ? (
              <ApprovalsTable items={decide.data.items} title={t`For you to decide`} onSaid={onSaid} />
            ) : null}
            {count > 0 ? null : (
              <div className={styles.nothing}>
                <p>
                  <strong>
                    <Trans>All decided.</Trans>
                  </strong>
                </p>
                <p>
                  <Trans>What needs your approval appears here by itself.</Trans>
                </p>
              </div>
            )}
          </section>
          <section aria-labelledby="approvals-asked" className={layout.section}>
            <h2 id="approvals-asked" className={layout.band}>
              <Trans>Asked for by you</Trans>
            </h2>
            {asked.data.items.length > 0 ? (
              <ApprovalsTable items={asked.data.items} title={t`Asked for by you`} onSaid={onSaid} />
            ) : (
              <p className={styles.nothing}>
                <Trans>You have asked for nothing that others have to approve.</Trans>
              </p>
            )}
          </section>
        </>
      ) : error ? (
        <FailedFace error={error} onRetry={retry} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
    </main>
  );
}
