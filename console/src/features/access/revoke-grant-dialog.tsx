import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { revokeGrant } from "~/api/generated/calls";
import type { Grant } from "~/api/generated/model/grant";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Refused } from "~/ui/refused";
import styles from "./access.module.css";
import { useChange, useWaitsWords } from "./access-queries";
import { GrantEffect } from "./grant-effect";

type Props = { role: string; roleWord: string; grant: Grant; onClose: () => void };

/** A grant is taken back, at once and for good; what the role loses by it is told before. */
export function RevokeGrantDialog({ role, roleWord, grant, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const waits = useWaitsWords();
  const [reason, setReason] = useState("");
  const revoke = useChange(
    () => revokeGrant(String(grant.id), reason.trim() ? { reason: reason.trim() } : {}),
    (answer) => (answer && waits(answer)) || t`Grant ${grant.id} withdrawn`,
    onClose,
  );
  return (
    <Dialog title={t`Withdraw grant ${grant.id} of ${roleWord}`} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!revoke.isPending) revoke.mutate(undefined);
        }}
      >
        <TextInput
          label={t`Reason (optional)`}
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <GrantEffect change={{ role, grant: null, revoke: grant.id }} />
        {revoke.error ? <Refused told={explain(revoke.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={revoke.isPending}>
            <Trans>Withdraw</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
