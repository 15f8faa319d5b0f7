import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { BulkBounds } from "~/api/generated/model/bulk-bounds";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { useRolesWord } from "~/lib/approvals";
import { useLanguage } from "~/lib/language";
import { formatCount, formatMoney } from "~/lib/money";
import { useProblemWords } from "~/ui/faces";
import styles from "./bulk.module.css";
import { useSteer } from "./use-steer";

/** What pressing start comes to, and the number that has to be typed where there are many or money leaves. */
export function StartForm({ job, onDone }: { job: BulkJob; onDone: () => void }) {
  const { t } = useLingui();
  const language = useLanguage();
  const explain = useProblemWords();
  const rolesWord = useRolesWord();
  const steer = useSteer(job);
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const number = job.affected;
  const shown = formatCount(number, language);
  const all = formatCount(job.total, language);
  const right = !job.must_confirm || typed.trim() === String(number);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!right || steer.isPending) return;
    steer.mutate({ act: "start", confirm: job.must_confirm ? number : null }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className={styles.start} noValidate aria-label={t`Start`}>
      <p className={styles.sum}>
        <strong>
          {job.verb === "move" ? (
            <Trans>
              {shown} of {all} will be moved
            </Trans>
          ) : (
            <Trans>
              It is done to {shown} of {all}
            </Trans>
          )}
        </strong>
        {job.verb === "move" ? job.sums.map((sum) => ` · ${formatMoney(sum, language)}`) : null}
      </p>
      {job.countdown_seconds > 0 ? (
        <p className={styles.muted}>
          {plural(job.countdown_seconds, {
            one: "It begins # second after the start; until then it can be cancelled without a trace.",
            other: "It begins # seconds after the start; until then it can be cancelled without a trace.",
          })}
        </p>
      ) : null}
      {job.bounds && job.verb === "move" ? <AloneUpTo bounds={job.bounds} /> : null}
      {job.needs.map((need) => (
        <p key={need.roles.join()} className={styles.muted}>
          {plural(need.count, {
            one: "First somebody else has to approve it:",
            other: "First # others have to approve it:",
          })}{" "}
          {rolesWord(need.roles)}
        </p>
      ))}
      <div className={styles.actions}>
        {job.must_confirm ? (
          <TextInput
            label={t`Type ${number} to confirm`}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={tried && !right ? t`Type the number ${number}.` : undefined}
          />
        ) : null}
        <Button type="submit" loading={steer.isPending}>
          {job.needs.length > 0 ? t`Ask for approval` : t`Start`}
        </Button>
      </div>
      {steer.error ? <p role="alert">{explain(steer.error)}</p> : null}
    </form>
  );
}

/** How far whoever asked goes without a second person. */
function AloneUpTo({ bounds }: { bounds: BulkBounds }) {
  const language = useLanguage();
  const operations = formatCount(bounds.operations, language);
  const sums = bounds.sums.map((sum) => ` · ${formatMoney(sum, language)}`).join("");
  const rate = bounds.rate;
  return (
    <p className={styles.muted}>
      <Trans>
        Alone up to {operations} operations{sums}; above that somebody else approves it first.
      </Trans>
      {rate ? (
        <>
          {" "}
          <Trans>At most {rate} a second.</Trans>
        </>
      ) : null}
    </p>
  );
}
