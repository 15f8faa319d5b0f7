import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { usePlay } from "~/lib/play";
import { useTip } from "~/lib/shortcuts/keys";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { useAssignment } from "~/lib/work";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./play-bar.module.css";

type Props = { operation: OperationDetail; view: string; play: ReturnType<typeof usePlay> };

/** Working through a queue: on to the next, or past this one with a reason. */
export function PlayBar({ operation, view, play }: Props) {
  const { t } = useLingui();
  const tip = useTip();
  const explain = useProblemWords();
  const [skipping, setSkipping] = useState(false);
  const next = () => {
    if (!play.isPending) play.mutate({ view, done: operation.id });
  };
  useShortcuts({ playNext: next, playSkip: () => setSkipping(true) });
  return (
    <section className={styles.bar} aria-label={t`Working through a queue`}>
      <Link to="/queue">
        <Trans>Stop working through</Trans>
      </Link>
      <span className={styles.acts}>
        <Button variant="default" size="xs" onClick={() => setSkipping(true)}>
          <Trans>Skip…</Trans>
        </Button>
        <Button
          variant="default"
          size="xs"
          title={tip(t`Next`, "playNext")}
          loading={play.isPending}
          onClick={next}
        >
          <Trans>Next</Trans>
        </Button>
      </span>
      {play.error ? (
        <p role="alert" className={styles.refused}>
          {explain(play.error)}
        </p>
      ) : null}
      {skipping ? (
        <SkipDialog
          operation={operation}
          onClose={() => setSkipping(false)}
          onSkipped={() => {
            setSkipping(false);
            play.mutate({ view });
          }}
        />
      ) : null}
    </section>
  );
}

type SkipProps = { operation: OperationDetail; onClose: () => void; onSkipped: () => void };

function SkipDialog({ operation, onClose, onSkipped }: SkipProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const change = useAssignment(operation);
  const [comment, setComment] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!comment.trim()) return;
    change.mutate({ act: "skip", comment: comment.trim() }, { onSuccess: onSkipped });
  };
  return (
    <Dialog title={t`Skip this one`} size={480} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <p>
          <Trans>Somebody else is given it. You are not, until something happens to it.</Trans>
        </p>
        <Textarea
          label={t`Why`}
          required
          data-autofocus
          rows={3}
          maxLength={10_000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          error={tried && !comment.trim() ? t`Say why: it stands in the timeline.` : undefined}
        />
        {change.error ? <p role="alert">{explain(change.error)}</p> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={change.isPending}>
            <Trans>Skip</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
