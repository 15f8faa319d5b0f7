import { Trans, useLingui } from "@lingui/react/macro";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { formatDuration } from "~/lib/durations";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import layout from "~/ui/layout.module.css";
import styles from "./bulk.module.css";
import { useItemState } from "./use-bulk-words";

const PARTS = ["done", "asked", "skipped", "failed"] as const;

/** How far it is, how fast it goes and when it will be over; the same after a reload, for the server counts. */
export function JobProgress({ job, now }: { job: BulkJob; now: number }) {
  const { t, i18n } = useLingui();
  const language = useLanguage();
  const stateWord = useItemState();
  const settled = job.total - job.left;
  const soon = job.state === "counting_down" && job.starts_at;
  const seconds = soon ? Math.max(0, Math.ceil((Date.parse(job.starts_at ?? "") - now) / 1_000)) : 0;
  const rate = job.rate === null ? "" : formatCount(Math.round(job.rate), language);
  const left = job.seconds_left === null ? "" : formatDuration(i18n, job.seconds_left * 1_000);
  return (
    <section aria-labelledby="bulk-progress" className={layout.section}>
      <h2 id="bulk-progress" className={layout.band}>
        <Trans>Progress</Trans>
      </h2>
      <progress className={styles.bar} value={settled} max={job.total} aria-labelledby="bulk-progress" />
      <dl className={styles.counts}>
        {PARTS.map((part) => (
          <div key={part}>
            <dt>{stateWord(part)}</dt>
            <dd>{formatCount(job[part], language)}</dd>
          </div>
        ))}
        <div>
          <dt>{job.state === "cancelled" ? t`Left as they are` : stateWord("waiting")}</dt>
          <dd>{formatCount(job.left, language)}</dd>
        </div>
      </dl>
      <p className={styles.muted}>
        {soon
          ? t`It begins in ${seconds} s, unless it is cancelled.`
          : job.state === "running" && rate
            ? t`${rate} a second, about ${left} to go`
            : rate
              ? t`${rate} a second`
              : null}
      </p>
    </section>
  );
}
