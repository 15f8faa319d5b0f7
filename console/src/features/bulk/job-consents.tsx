import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { useRolesWord } from "~/lib/approvals";
import { useNow } from "~/lib/clock";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./bulk.module.css";
import { useSteer } from "./use-steer";

/** Whose consent the whole job waits for, who gave theirs, and the reader's own. */
export function JobConsents({ job, onDone }: { job: BulkJob; onDone: () => void }) {
  const { t } = useLingui();
  const now = useNow();
  const rolesWord = useRolesWord();
  const explain = useProblemWords();
  const steer = useSteer(job);
  const [comment, setComment] = useState("");
  const [tried, setTried] = useState(false);
  if (job.state !== "waiting" && job.consents.length === 0) return null;
  const say = (act: "approve" | "decline") => {
    if (act === "decline" && !comment.trim()) setTried(true);
    else steer.mutate({ act, comment: comment.trim() }, { onSuccess: onDone });
  };
  const own = job.why_not?.code === "own_request";
  return (
    <section aria-labelledby="bulk-consents" className={layout.section}>
      <h2 id="bulk-consents" className={layout.band}>
        <Trans>Approvals</Trans>
      </h2>
      <ul>
        {job.needs.map((need) => {
          const given = Math.min(need.given, need.count);
          const count = need.count;
          return (
            <li key={need.roles.join()}>
              <strong>{t`${given} of ${count}`}</strong> {rolesWord(need.roles)}
            </li>
          );
        })}
      </ul>
      {job.consents.map(({ by, on_behalf_of: whose }) => (
        <p key={by.id}>
          {whose ? (
            <Trans>
              {by.name} for {whose.name}
            </Trans>
          ) : (
            by.name
          )}
        </p>
      ))}
      {job.waits_until ? (
        <p className={styles.muted}>
          <Trans>
            until <Moment at={job.waits_until} now={now} />
          </Trans>
        </p>
      ) : null}
      {job.on_behalf_of ? (
        <p className={styles.muted}>
          <Trans>In the name of {job.on_behalf_of.name}</Trans>
        </p>
      ) : null}
      {job.may.includes("approve") ? (
        <>
          <Textarea
            label={t`Comment (optional)`}
            rows={2}
            maxLength={10_000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
            error={tried && !comment.trim() ? t`Say why, so that who asked can act on it.` : undefined}
          />
          <div className={styles.tools}>
            <Button size="xs" loading={steer.isPending} onClick={() => say("approve")}>
              <Trans>Give approval</Trans>
            </Button>
            <Button size="xs" variant="default" onClick={() => say("decline")}>
              <Trans>Decline the request</Trans>
            </Button>
          </div>
        </>
      ) : job.why_not ? (
        <p className={styles.muted}>
          {own ? t`You asked for this: somebody else has to approve it.` : job.why_not.detail}
        </p>
      ) : null}
      {steer.error ? <p role="alert">{explain(steer.error)}</p> : null}
    </section>
  );
}
