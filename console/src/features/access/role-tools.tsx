import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changeRole } from "~/api/generated/calls";
import type { Role } from "~/api/generated/model/role";
import { startLooking } from "~/lib/look";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Refused } from "~/ui/refused";
import styles from "./access.module.css";
import { useChange } from "./access-queries";
import { RemoveRoleDialog } from "./role-dialogs";

type Props = { role: Role; roleWord: string; onGone: () => void };

/** What is done with a role as a whole: look through its eyes, let it ask for an authenticator, remove it. */
export function RoleTools({ role, roleWord, onGone }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [removing, setRemoving] = useState(false);
  const look = useMutation({ mutationFn: () => startLooking(role.role) });
  const change = useChange(
    (second_factor: boolean) => changeRole(role.role, { second_factor }),
    (answer) =>
      answer.second_factor ? t`${roleWord} asks for an authenticator` : t`${roleWord} asks for none`,
  );
  const error = look.error ?? change.error;
  return (
    <section className={layout.section} aria-label={roleWord}>
      <div className={styles.tools}>
        <Button loading={look.isPending} onClick={() => look.mutate()}>
          <Trans>Look through its eyes</Trans>
        </Button>
        <Switch
          label={t`Asks for an authenticator`}
          description={t`Who has the role and signs in with a password adds one before anything else.`}
          checked={role.second_factor}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.currentTarget.checked)}
        />
        {role.own ? (
          <Button variant="default" onClick={() => setRemoving(true)}>
            <Trans>Remove the role</Trans>
          </Button>
        ) : null}
      </div>
      {error ? <Refused told={explain(error)} /> : null}
      {removing ? (
        <RemoveRoleDialog
          role={role}
          roleWord={roleWord}
          onClose={() => setRemoving(false)}
          onRemoved={onGone}
        />
      ) : null}
    </section>
  );
}
