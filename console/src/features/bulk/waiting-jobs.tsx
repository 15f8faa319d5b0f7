import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { useNow } from "~/lib/clock";
import { Moment } from "~/ui/moment";
import styles from "./bulk.module.css";
import { jobsOptions } from "./bulk-query";
import { useJobTitle } from "./use-bulk-words";

const NONE: readonly BulkJob[] = [];

/** The bulk jobs that wait for the reader's consent. */
export function useWaitingJobs(): readonly BulkJob[] {
  const { data } = useQuery({
    ...jobsOptions,
    select: ({ items }) => items.filter((job) => job.may.includes("approve")),
  });
  return data ?? NONE;
}

/** Each with its page, where what would happen is told before anybody consents. */
export function WaitingJobs({ jobs }: { jobs: readonly BulkJob[] }) {
  const { t } = useLingui();
  const titleOf = useJobTitle();
  const now = useNow();
  return (
    <ul className={styles.jobs} aria-label={t`Bulk jobs`}>
      {jobs.map((job) => (
        <li key={job.id}>
          <Link to="/bulk/$id" params={{ id: job.id }}>
            {titleOf(job)}
          </Link>{" "}
          <Plural value={job.affected} one="# operation" other="# operations" />
          {", "}
          <Trans>asked for by {job.asked_by.name}</Trans> <Moment at={job.asked_at} now={now} />
        </li>
      ))}
    </ul>
  );
}
