import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { makeRole, removeRole } from "~/api/generated/calls";
import type { Role } from "~/api/generated/model/role";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Refused } from "~/ui/refused";
import styles from "./access.module.css";
import { useChange } from "./access-queries";

type MakeProps = { onClose: () => void; onMade: (role: Role) => void };

/** A role of the company's own; what it may is granted afterwards. */
export function MakeRoleDialog({ onClose, onMade }: MakeProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [name, setName] = useState("");
  const [label, setLabel] = useState({ en: "", nl: "" });
  const make = useChange(
    () => makeRole({ role: name, label: { en: label.en.trim(), nl: label.nl.trim() } }),
    (made) => t`Role ${made.role} made`,
    onMade,
  );
  return (
    <Dialog title={t`Make a role`} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!make.isPending) make.mutate(undefined);
        }}
      >
        <TextInput
          label={t`Name in English`}
          required
          data-autofocus
          maxLength={200}
          value={label.en}
          onChange={(event) => {
            const en = event.currentTarget.value;
            if (name === codeOf(label.en)) setName(codeOf(en));
            setLabel({ ...label, en });
          }}
        />
        <TextInput
          label={t`Name in Dutch`}
          required
          maxLength={200}
          value={label.nl}
          onChange={(event) => setLabel({ ...label, nl: event.currentTarget.value })}
        />
        <TextInput
          label={t`Code`}
          description={t`Small letters, digits and _; it stands in grants, commands and histories, and stays.`}
          required
          pattern="[a-z][a-z0-9_]{0,39}"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          spellCheck={false}
          autoCapitalize="off"
        />
        <p className={styles.muted}>
          <Trans>It may nothing until something is granted to it.</Trans>
        </p>
        {make.error ? <Refused told={explain(make.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={make.isPending}>
            <Trans>Make</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type RemoveProps = { role: Role; roleWord: string; onClose: () => void; onRemoved: () => void };

/** A role that nobody has is taken out of use, with its grants. */
export function RemoveRoleDialog({ role, roleWord, onClose, onRemoved }: RemoveProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [reason, setReason] = useState("");
  const remove = useChange(
    () => removeRole(role.role, reason.trim() ? { reason: reason.trim() } : {}),
    () => t`Role ${roleWord} removed`,
    onRemoved,
  );
  return (
    <Dialog title={t`Remove role ${roleWord}`} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!remove.isPending) remove.mutate(undefined);
        }}
      >
        <p>
          <Trans>
            Its grants are withdrawn. Histories and the audit keep naming it, so its code is not given again.
          </Trans>
        </p>
        <TextInput
          label={t`Reason (optional)`}
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {remove.error ? <Refused told={explain(remove.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={remove.isPending}>
            <Trans>Remove</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function codeOf(label: string): string {
  return label
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
}
