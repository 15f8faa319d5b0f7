import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { resetPassword } from "~/api/generated/calls";
import type { Person } from "~/api/generated/model/person";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Refused } from "~/ui/refused";
import { SecretShown } from "~/ui/secret-shown";
import styles from "./access.module.css";
import { useChange } from "./access-queries";

type Props = { person: Person; onClose: () => void };

/** For somebody who forgot theirs: a password is made up, and shown this once to be handed over. */
export function ResetPasswordDialog({ person, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [reason, setReason] = useState("");
  const reset = useChange(
    () => resetPassword(person.id, { reason: reason.trim() }),
    () => t`${person.name} has another password`,
  );
  if (reset.data) {
    return (
      <SecretShown
        title={t`Another password for ${person.name}`}
        told={t`It is shown this once; hand it over in person. It is good for a day, and for nothing but to choose another.`}
        secret={reset.data.password}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t`Reset the password of ${person.name}`} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!reset.isPending) reset.mutate(undefined);
        }}
      >
        <p>
          <Trans>
            The old one no longer signs in, and {person.name} is signed out everywhere. An authenticator is
            still asked for.
          </Trans>
        </p>
        <TextInput
          label={t`Reason`}
          required
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {reset.error ? <Refused told={explain(reset.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={reset.isPending}>
            <Trans>Make up a password</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
