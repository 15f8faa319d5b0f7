import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { addPerson, deactivatePerson, setRoles } from "~/api/generated/calls";
import type { AddedPerson } from "~/api/generated/model/added-person";
import type { Person } from "~/api/generated/model/person";
import type { Role } from "~/api/generated/model/role";
import { useLanguage } from "~/lib/language";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Refused } from "~/ui/refused";
import styles from "./access.module.css";
import { useChange, useRoleWord, useWaitsWords } from "./access-queries";

type AddProps = { roles: readonly Role[]; onClose: () => void; onAdded: (added: AddedPerson) => void };

export function AddPersonDialog({ roles, onClose, onAdded }: AddProps) {
  const { t } = useLingui();
  const language = useLanguage();
  const explain = useProblemWords();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [held, setHeld] = useState<string[]>([]);
  const add = useChange(addPerson, (answer) => t`${answer.person.name} can sign in`, onAdded);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate({ email: email.trim(), name: name.trim(), roles: held, language });
  };
  return (
    <Dialog title={t`Add a person`} size={520} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={t`Name`}
          required
          data-autofocus
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t`E-mail`}
          type="email"
          required
          maxLength={254}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleChoice roles={roles} held={held} onChange={setHeld} />
        {add.error ? <Refused told={explain(add.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={add.isPending}>
            <Trans>Add</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type RolesProps = { person: Person; roles: readonly Role[]; onClose: () => void };

export function RolesDialog({ person, roles, onClose }: RolesProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const waits = useWaitsWords();
  const [held, setHeld] = useState<string[]>([...person.roles]);
  const [reason, setReason] = useState("");
  const change = useChange(
    () => setRoles(person.id, { roles: held, ...(reason.trim() ? { reason: reason.trim() } : {}) }),
    (answer) => waits(answer) ?? t`${person.name}: roles changed`,
    onClose,
  );
  return (
    <Dialog title={t`Roles of ${person.name}`} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!change.isPending) change.mutate(undefined);
        }}
      >
        <p>
          <Trans>They hold from the next request on, also for what is being decided now.</Trans>
        </p>
        <RoleChoice roles={roles} held={held} onChange={setHeld} />
        <TextInput
          label={t`Reason (optional)`}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {change.error ? <Refused told={explain(change.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={change.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type LeaveProps = { person: Person; people: readonly Person[]; onClose: () => void };

export function DeactivateDialog({ person, people, onClose }: LeaveProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [heir, setHeir] = useState("");
  const [reason, setReason] = useState("");
  const leave = useChange(
    () =>
      deactivatePerson(person.id, {
        ...(heir ? { hand_over_to: heir } : {}),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      }),
    ({ person: left, views, assignments, tokens, approvals }) => {
      const asked = approvals.length;
      return t`${left.name} can no longer sign in. Views handed over: ${views}, operations: ${assignments}, tokens ended: ${tokens}, requests withdrawn: ${asked}`;
    },
    onClose,
  );
  const heirs = people.filter((one) => one.active && one.id !== person.id);
  return (
    <Dialog title={t`Deactivate ${person.name}`} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!leave.isPending) leave.mutate(undefined);
        }}
      >
        <p>
          <Trans>
            Sessions end at once, and so do the tokens that {person.name} has issued. What they had asked
            others to approve has to be asked for anew. The history keeps their name.
          </Trans>
        </p>
        <NativeSelect
          label={t`Who gets their saved views`}
          data-autofocus
          value={heir}
          onChange={(event) => setHeir(event.currentTarget.value)}
          data={[
            { value: "", label: t`Nobody` },
            ...heirs.map((one) => ({ value: one.id, label: `${one.name} (${one.email})` })),
          ]}
        />
        <TextInput
          label={t`Reason (optional)`}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {leave.error ? <Refused told={explain(leave.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={leave.isPending}>
            <Trans>Deactivate</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type ChoiceProps = { roles: readonly Role[]; held: string[]; onChange: (held: string[]) => void };

function RoleChoice({ roles, held, onChange }: ChoiceProps) {
  const { t } = useLingui();
  const roleWord = useRoleWord(roles);
  return (
    <Checkbox.Group label={t`Roles`} value={held} onChange={onChange}>
      <div className={layout.section}>
        {roles.map((one) => (
          <Checkbox key={one.role} value={one.role} label={roleWord(one.role)} size="xs" />
        ))}
      </div>
    </Checkbox.Group>
  );
}
