import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./reason-dialog.module.css";
import refused from "./refused.module.css";

type Props = {
  title: string;
  /** What will happen, in a sentence. */
  lead: ReactNode;
  act: string;
  /** What is said where it did not happen, before the reason. */
  failed: string;
  pending: boolean;
  error: Error | null;
  onClose: () => void;
  onReason: (reason: string) => void;
};

/** An act that asks why, and keeps it. */
export function ReasonDialog({ title, lead, act, failed, pending, error, onClose, onReason }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing && !pending) onReason(reason.trim());
  };
  return (
    <Dialog title={title} size={480} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <p>{lead}</p>
        <TextInput
          label={t`Reason`}
          description={t`Without names: it is kept for good.`}
          required
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && missing ? t`Say why.` : undefined}
        />
        {error ? (
          <div role="alert" className={refused.refused}>
            <strong>{failed}</strong>
            <p>{explain(error)}</p>
          </div>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={pending}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
