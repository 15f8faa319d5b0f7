import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { undoBulk } from "~/api/generated/calls";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { newKey } from "~/lib/request-key";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./bulk.module.css";
import { useSteer } from "./use-steer";

/** What the reader may do with the job now; the server says what that is. */
export function JobActions({ job, onDone }: { job: BulkJob; onDone: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const steer = useSteer(job);
  const [undoing, setUndoing] = useState(false);
  const words = {
    pause: t`Pause`,
    resume: t`Go on`,
    retry: t`Retry what failed`,
    cancel: t`Cancel the rest`,
  };
  const acts = (["pause", "resume", "retry", "cancel"] as const).filter((act) => job.may.includes(act));
  return (
    <>
      <div className={styles.tools}>
        {acts.map((act) => (
          <Button
            key={act}
            size="xs"
            variant="default"
            disabled={steer.isPending}
            onClick={() => steer.mutate({ act }, { onSuccess: onDone })}
          >
            {act === "cancel" && job.starts_at === null ? t`Discard` : words[act]}
          </Button>
        ))}
        {job.may.includes("undo") ? (
          <Button size="xs" variant="default" onClick={() => setUndoing(true)}>
            <Trans>Undo…</Trans>
          </Button>
        ) : null}
      </div>
      {steer.error ? <p role="alert">{explain(steer.error)}</p> : null}
      {undoing ? <UndoDialog job={job} onClose={() => setUndoing(false)} /> : null}
    </>
  );
}

function UndoDialog({ job, onClose }: { job: BulkJob; onClose: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const navigate = useNavigate();
  const key = useRef(newKey());
  const [comment, setComment] = useState("");
  const [tried, setTried] = useState(false);
  const undo = useMutation({
    mutationFn: () =>
      undoBulk(job.id, { comment: comment.trim() }, { headers: { "Idempotency-Key": key.current } }),
    onSuccess: ({ id }) => {
      onClose();
      navigate({ to: "/bulk/$id", params: { id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (comment.trim() && !undo.isPending) undo.mutate();
  };
  return (
    <Dialog title={t`Undo this job`} size={520} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <p>
          <Trans>
            What it did stays in the history. A new job takes each operation back, in the way its type
            provides; first you see which can be, and why others cannot.
          </Trans>
        </p>
        <Textarea
          label={t`Comment`}
          required
          data-autofocus
          rows={3}
          maxLength={10_000}
          value={comment}
          onChange={(event) => {
            key.current = newKey();
            setComment(event.currentTarget.value);
          }}
          error={tried && !comment.trim() ? t`This step asks for a comment.` : undefined}
        />
        {undo.error ? <p role="alert">{explain(undo.error)}</p> : null}
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={undo.isPending}>
            <Trans>Show what would happen</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
