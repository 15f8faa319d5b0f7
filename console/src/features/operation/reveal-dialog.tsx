import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { revealOperation } from "~/api/generated/calls";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { Revealed } from "~/api/generated/model/revealed";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./move-dialog.module.css";

type Props = {
  operation: OperationDetail;
  names: string;
  onClose: () => void;
  onRevealed: (revealed: Revealed) => void;
};

/** Why somebody wants to see personal data; who looked, when and why is kept. */
export function RevealDialog({ operation, names, onClose, onRevealed }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === "";
  const reveal = useMutation({
    mutationFn: () => revealOperation(operation.id, { reason: reason.trim() }),
    onSuccess: (revealed) => {
      queryClient.invalidateQueries({ queryKey: ["access", "changes"] });
      onRevealed(revealed);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing && !reveal.isPending) reveal.mutate();
  };
  return (
    <Dialog title={t`Reveal personal data`} size={480} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <p>
          <Trans>You are shown: {names}. That you looked, when and why, is kept in the audit log.</Trans>
        </p>
        <TextInput
          label={t`Reason`}
          description={t`Without names: it is kept for good.`}
          required
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && missing ? t`Say why you need to see it.` : undefined}
        />
        {reveal.error ? (
          <div role="alert" className={styles.refused}>
            <strong>{t`Nothing is shown`}</strong>
            <p>{explain(reveal.error)}</p>
          </div>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={reveal.isPending}>
            <Trans>Reveal</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
