import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { useAssignment } from "~/lib/work";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./move-dialog.module.css";

const HOUR = 3_600_000;

type Props = { operation: OperationDetail; onClose: () => void };

/** Until when it is put off: soon, tomorrow morning, or any moment. */
export function SnoozeDialog({ operation, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const change = useAssignment(operation);
  const [choice, setChoice] = useState("hour");
  const [at, setAt] = useState("");
  const [comment, setComment] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = untilOf(choice, at);
    if (!until) return;
    change.mutate(
      { act: "snooze", until: until.toISOString(), ...(comment ? { comment } : {}) },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog title={t`Snooze`} size={440} onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <NativeSelect
          label={t`Until`}
          data-autofocus
          value={choice}
          onChange={(event) => setChoice(event.currentTarget.value)}
          data={[
            { value: "hour", label: t`in an hour` },
            { value: "tomorrow", label: t`tomorrow at 9` },
            { value: "week", label: t`in a week, at 9` },
            { value: "other", label: t`another moment` },
          ]}
        />
        {choice === "other" ? (
          <TextInput
            type="datetime-local"
            label={t`Moment`}
            required
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
        ) : null}
        <TextInput
          label={t`Comment (optional)`}
          maxLength={10_000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {change.error ? (
          <p role="alert" className={styles.refused}>
            {explain(change.error)}
          </p>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={change.isPending}>
            <Trans>Snooze</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function untilOf(choice: string, at: string): Date | null {
  if (choice === "hour") return new Date(Date.now() + HOUR);
  if (choice === "other") return at ? new Date(at) : null;
  const morning = new Date();
  morning.setDate(morning.getDate() + (choice === "week" ? 7 : 1));
  morning.setHours(9, 0, 0, 0);
  return morning;
}
