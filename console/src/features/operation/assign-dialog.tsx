import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { useAssignees, useAssignment, useMe } from "~/lib/work";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./move-dialog.module.css";

type Props = { operation: OperationDetail; onClose: () => void };

/** To whom it is assigned: the reader first, then colleagues, then teams. */
export function AssignDialog({ operation, onClose }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const explain = useProblemWords();
  const { lines, error } = useAssignees();
  const change = useAssignment(operation);
  const [to, setTo] = useState(operation.assignment?.assignee?.id ?? me);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ act: "assign", ...(to ? { to } : {}) }, { onSuccess: onClose });
  };
  const refusal = change.error ?? error;
  return (
    <Dialog title={t`Assign`} size={440} onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <NativeSelect
          label={t`To`}
          data-autofocus
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          data={lines}
        />
        {refusal ? (
          <p role="alert" className={styles.refused}>
            {explain(refusal)}
          </p>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={change.isPending}>
            <Trans>Assign</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
