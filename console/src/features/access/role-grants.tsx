import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Grant } from "~/api/generated/model/grant";
import { wordFromName } from "~/lib/words";
import layout from "~/ui/layout.module.css";
import styles from "./access.module.css";
import { useActWord, useLimitWords } from "./access-queries";
import { GrantDialog } from "./grant-dialog";
import { RevokeGrantDialog } from "./revoke-grant-dialog";

type Props = { role: string; roleWord: string; grants: readonly Grant[] };

/** The grants of a role, each to change or to withdraw. */
export function RoleGrants({ role, roleWord, grants }: Props) {
  const { t } = useLingui();
  const actWord = useActWord();
  const limitWords = useLimitWords();
  const [open, setOpen] = useState<{ dialog: "put" | "revoke"; grant: Grant | null } | null>(null);
  const close = () => setOpen(null);
  return (
    <section className={layout.section} aria-labelledby="role-may">
      <div className={styles.head}>
        <h2 id="role-may" className={`${styles.heading} ${layout.band}`}>
          <Trans>What it may</Trans>
        </h2>
        <Button size="compact-md" onClick={() => setOpen({ dialog: "put", grant: null })}>
          <Trans>Add a grant</Trans>
        </Button>
      </div>
      {grants.length > 0 ? (
        <ul className={styles.grants}>
          {grants.map((grant) => (
            <li key={grant.id} className={styles.grant}>
              <div>
                {grant.may.map(actWord).join(" · ")}
                <p className={styles.muted}>
                  {[
                    t`grant ${grant.id}`,
                    limitWords(grant),
                    grant.brought_by ? t`came with ${wordFromName(grant.brought_by)}` : null,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
              <div className={styles.buttons}>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t`Change grant ${grant.id}`}
                  onClick={() => setOpen({ dialog: "put", grant })}
                >
                  <Trans>Change</Trans>
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t`Withdraw grant ${grant.id}`}
                  onClick={() => setOpen({ dialog: "revoke", grant })}
                >
                  <Trans>Withdraw</Trans>
                </Button>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.muted}>
          <Trans>This role has no grants: it sees nothing and may do nothing.</Trans>
        </p>
      )}
      {open?.dialog === "put" ? (
        <GrantDialog role={role} roleWord={roleWord} grant={open.grant} onClose={close} />
      ) : null}
      {open?.dialog === "revoke" && open.grant ? (
        <RevokeGrantDialog role={role} roleWord={roleWord} grant={open.grant} onClose={close} />
      ) : null}
    </section>
  );
}
