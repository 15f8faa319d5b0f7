import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { issueToken } from "~/api/generated/calls";
import type { IssuedToken } from "~/api/generated/model/issued-token";
import type { Role } from "~/api/generated/model/role";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Refused } from "~/ui/refused";
import styles from "./access.module.css";
import { useActWord, useChange, useRoleWord } from "./access-queries";

const OWN_ACTS = ["view", "open", "amend", "report", "export", "reveal", "connect"];

type Props = { roles: readonly Role[]; onClose: () => void; onIssued: (issued: IssuedToken) => void };

/** A token with a role, or with a grant of its own that says exactly what one program needs. */
export function IssueTokenDialog({ roles, onClose, onIssued }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const roleWord = useRoleWord(roles);
  const actWord = useActWord();
  const [name, setName] = useState("");
  const [role, setRole] = useState("integration");
  const [acts, setActs] = useState<string[]>([]);
  const [moves, setMoves] = useState("");
  const [where, setWhere] = useState("");
  const [day, setDay] = useState("");
  const issue = useChange(issueToken, (answer) => t`Token for ${answer.name} issued`, onIssued);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (issue.isPending) return;
    const may = [
      ...acts,
      ...moves
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((move) => `move:${move}`),
    ];
    issue.mutate({
      name: name.trim(),
      ...(role ? { role } : {}),
      ...(may.length > 0 ? { grants: [{ may, where: where.trim() }] } : {}),
      ...(day ? { expires_at: `${day}T00:00:00Z` } : {}),
    });
  };
  return (
    <Dialog title={t`Issue a token`} size={560} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={t`Name`}
          description={t`The program that calls; shown in every history.`}
          required
          data-autofocus
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t`Role`}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value)}
          data={[
            { value: "", label: t`None: only grants of its own` },
            ...roles.map((one) => ({ value: one.role, label: roleWord(one.role) })),
          ]}
        />
        <Checkbox.Group label={t`Grants of its own`} value={acts} onChange={setActs}>
          <div className={layout.section}>
            {OWN_ACTS.map((act) => (
              <Checkbox key={act} value={act} label={actWord(act)} size="xs" />
            ))}
          </div>
        </Checkbox.Group>
        <TextInput
          label={t`Transitions by hand`}
          description={t`Names, with commas between; * for all.`}
          value={moves}
          onChange={(event) => setMoves(event.currentTarget.value)}
        />
        <TextInput
          label={t`Only where`}
          description={t`A query, such as kind:withdrawal brand:casino-nl.`}
          maxLength={2048}
          value={where}
          onChange={(event) => setWhere(event.currentTarget.value)}
        />
        <TextInput
          label={t`Ends on`}
          description={t`Left out, it ends when it is revoked.`}
          type="date"
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        {issue.error ? <Refused told={explain(issue.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={issue.isPending}>
            <Trans>Issue</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
