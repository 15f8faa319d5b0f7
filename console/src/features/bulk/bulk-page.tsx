import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./bulk.module.css";
import { jobsOptions } from "./bulk-query";
import { useJobState, useJobTitle } from "./use-bulk-words";

/** The bulk jobs, the newest first. */
export function BulkPage() {
  const { t } = useLingui();
  const language = useLanguage();
  const titleOf = useJobTitle();
  const stateWord = useJobState();
  const now = useNow();
  const { data, error, isPending, refetch } = useQuery(jobsOptions);
  const waiting = useWaitedLong(isPending);
  return (
    <main className={layout.page} aria-busy={waiting}>
      <title>{`${t`Bulk`} · Viertakt`}</title>
      <h1 className={layout.heading}>
        <Trans>Bulk</Trans>
      </h1>
      {error && !data ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data?.items.length === 0 ? (
        <Face title={t`No step was taken in bulk yet`}>
          <p>
            <Trans>
              Filter the operations, or tick some, and choose “Take a step in bulk…”: first you see what would
              happen to each.
            </Trans>
          </p>
        </Face>
      ) : null}
      {data && data.items.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
        <section className={styles.scroller} tabIndex={0} aria-label={t`Bulk jobs`}>
          <table className={`${tables.table} ${styles.rows}`}>
            <thead>
              <tr>
                <th scope="col">{t`Step`}</th>
                <th scope="col">{t`State`}</th>
                <th scope="col" className={`${tables.number} ${styles.narrow}`}>{t`Operations`}</th>
                <th scope="col" className={`${tables.number} ${styles.narrow}`}>{t`Done`}</th>
                <th scope="col">{t`Filter`}</th>
                <th scope="col">{t`Asked for by`}</th>
                <th scope="col">{t`Asked`}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((job) => (
                <tr key={job.id}>
                  <td>
                    <Link to="/bulk/$id" params={{ id: job.id }}>
                      {titleOf(job)}
                    </Link>
                  </td>
                  <td>{stateWord(job.state)}</td>
                  <td className={`${tables.number} ${styles.narrow}`}>
                    {formatCount(job.affected, language)}
                  </td>
                  <td className={`${tables.number} ${styles.narrow}`}>{formatCount(job.done, language)}</td>
                  <td>{job.q ? <code>{job.q}</code> : "–"}</td>
                  <td>{job.asked_by.name}</td>
                  <td>
                    <Moment at={job.asked_at} now={now} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </main>
  );
}
