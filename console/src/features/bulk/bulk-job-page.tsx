import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useReasonWords } from "~/lib/kinds";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./bulk.module.css";
import { jobOptions } from "./bulk-query";
import { JobActions } from "./job-actions";
import { JobConsents } from "./job-consents";
import { JobGroups } from "./job-groups";
import { JobItems } from "./job-items";
import { JobProgress } from "./job-progress";
import { StartForm } from "./start-form";
import { useJobState, useJobTitle } from "./use-bulk-words";

/** One job: what would happen, what happens, and what came of each operation. */
export function BulkJobPage({ id }: { id: string }) {
  const { t } = useLingui();
  const { data: job, error, isPending, refetch } = useQuery(jobOptions(id));
  const waiting = useWaitedLong(isPending);
  useAnnounceEnd(job);
  if (job) return <Job job={job} />;
  return (
    <main className={layout.page} aria-busy={waiting}>
      {error ? (
        <FailedFace error={error} whole onRetry={() => refetch()} />
      ) : waiting ? (
        <Face whole title={t`Loading…`} />
      ) : null}
    </main>
  );
}

function Job({ job }: { job: BulkJob }) {
  const { t } = useLingui();
  const now = useNow();
  const title = useJobTitle()(job);
  const state = useJobState()(job.state);
  const reasonWords = useReasonWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const begun = job.starts_at !== null;
  const by = job.asked_by.name;
  return (
    <main className={layout.page}>
      <title>{`${title} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 ref={heading} tabIndex={-1} className={layout.heading}>
          {title}
        </h1>
        <JobActions job={job} onDone={() => heading.current?.focus()} />
      </div>
      <p className={styles.muted}>
        <strong className={styles.state}>{state}</strong>
        {` · ${t`asked for by ${by}`}, `}
        <Moment at={job.asked_at} now={now} />
        {job.q ? (
          <>
            {" · "}
            <code>{job.q}</code>
          </>
        ) : null}
        {job.reason ? ` · ${reasonWords(job.reason).internal}` : ""}
        {job.comment ? ` · “${job.comment}”` : ""}
      </p>
      <Related job={job} />
      {job.said === "asker_may_not" ? (
        <p role="status">
          <Trans>It was ended: who asked for it may not act any more.</Trans>
        </p>
      ) : job.said === "expired" ? (
        <p role="status">
          <Trans>It was ended: not all approvals came in time.</Trans>
        </p>
      ) : job.said ? (
        <p role="status">“{job.said}”</p>
      ) : null}
      {job.may.includes("start") ? <StartForm job={job} onDone={() => heading.current?.focus()} /> : null}
      <JobConsents job={job} onDone={() => heading.current?.focus()} />
      {begun ? <JobProgress job={job} now={now} /> : null}
      <JobGroups job={job} />
      <JobItems job={job} />
    </main>
  );
}

/** The job that this one undoes, or by which it was undone. */
function Related({ job }: { job: BulkJob }) {
  if (!job.undoes && !job.undone_by) return null;
  return (
    <p>
      {job.undoes ? (
        <Link to="/bulk/$id" params={{ id: job.undoes }}>
          <Trans>The job that this one undoes</Trans>
        </Link>
      ) : null}
      {job.undone_by ? (
        <Link to="/bulk/$id" params={{ id: job.undone_by }}>
          <Trans>The job by which this one was undone</Trans>
        </Link>
      ) : null}
    </p>
  );
}

function useAnnounceEnd(job: BulkJob | undefined): void {
  const { t } = useLingui();
  const announce = useAnnounce();
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!job) return;
    const { state, done, skipped, failed } = job;
    if (before.current && before.current !== "done" && state === "done")
      announce(t`Finished: ${done} done, ${skipped} skipped, ${failed} failed`);
    before.current = state;
  }, [job, announce, t]);
}
