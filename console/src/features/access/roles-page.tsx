import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Grant } from "~/api/generated/model/grant";
import type { Role } from "~/api/generated/model/role";
import { useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import styles from "./access.module.css";
import { isOfTransition, rolesOptions, useActWord, useLimitWords, useRoleWord } from "./access-queries";
import { ACTS } from "./grant-dialog";
import { MakeRoleDialog } from "./role-dialogs";
import { RoleView } from "./role-view";

const KNOWN: ReadonlySet<string> = new Set(ACTS);

type Props = { role: string | undefined; onRole: (role: string | undefined) => void };

/** What each role may, as a matrix; one of them with its grants to change; and a role of one's own to make. */
export function RolesPage({ role, onRole }: Props) {
  const { t } = useLingui();
  const roles = useQuery(rolesOptions);
  const waiting = useWaitedLong(roles.isPending);
  const roleWord = useRoleWord(roles.data?.items);
  const [making, setMaking] = useState(false);
  const chosen = roles.data?.items.find((one) => one.role === role);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Roles`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Roles</Trans>
        </h1>
        {roles.data ? (
          <NativeSelect
            label={t`Role`}
            value={role ?? ""}
            onChange={(event) => onRole(event.currentTarget.value || undefined)}
            data={[
              { value: "", label: t`All roles` },
              ...roles.data.items.map((one) => ({ value: one.role, label: roleWord(one.role) })),
            ]}
          />
        ) : null}
        <Button variant="default" onClick={() => setMaking(true)}>
          <Trans>Make a role</Trans>
        </Button>
      </div>
      {roles.data ? (
        chosen ? (
          <RoleView
            key={chosen.role}
            role={chosen}
            roleWord={roleWord(chosen.role)}
            onGone={() => onRole(undefined)}
          />
        ) : role ? (
          <Face title={t`There is no such role`} />
        ) : (
          <Matrix roles={roles.data.items} />
        )
      ) : roles.error ? (
        <FailedFace error={roles.error} onRetry={() => roles.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
      {making ? (
        <MakeRoleDialog
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            onRole(made.role);
          }}
        />
      ) : null}
    </main>
  );
}

function Matrix({ roles }: { roles: readonly Role[] }) {
  const { t } = useLingui();
  const actWord = useActWord();
  const limitWords = useLimitWords();
  const roleWord = useRoleWord(roles);
  const granted = new Set(roles.flatMap((one) => one.grants.flatMap((grant) => grant.may)));
  const acts = [
    ...[...ACTS, "move:*", "consent:*"].filter((act) => granted.has(act)),
    ...[...granted].filter((act) => !isOfTransition(act) && !act.endsWith(":*") && !KNOWN.has(act)).sort(),
  ];
  const told = (grants: readonly Grant[]) => {
    if (grants.length === 0) return <span className={styles.muted}>–</span>;
    const limits = grants.map(limitWords);
    return limits.includes("") ? (
      <strong>{t`yes`}</strong>
    ) : (
      <span title={limits.join("\n")}>{t`in part`}</span>
    );
  };
  return (
    <>
      <p className={styles.lead}>
        <Trans>
          “In part” is limited by type, place or amount. A role's name leads to its grants, which are changed
          there, and to a look through its eyes.
        </Trans>
      </p>
      {/* Wider than a small screen: scrolled by keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached */}
      <section className={styles.scroll} aria-label={t`Permissions by role`} tabIndex={0}>
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col" className={styles.first}>
                {t`May`}
              </th>
              {roles.map((one) => (
                <th key={one.role} scope="col" className={styles.role}>
                  <Link to="/roles" search={{ role: one.role }}>
                    {roleWord(one.role)}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {acts.map((act) => (
              <tr key={act}>
                <th scope="row" className={`${styles.first} ${styles.act}`}>
                  {actWord(act)}
                </th>
                {roles.map((one) => (
                  <td key={one.role}>{told(one.grants.filter((grant) => grant.may.includes(act)))}</td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row" className={`${styles.first} ${styles.act}`}>{t`Transitions by hand`}</th>
              {roles.map((one) => (
                <td key={one.role}>
                  <Transitions grants={one.grants} word="move:" />
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row" className={`${styles.first} ${styles.act}`}>{t`Transitions it approves`}</th>
              {roles.map((one) => (
                <td key={one.role}>
                  <Transitions grants={one.grants} word="consent:" />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </section>
    </>
  );
}

function Transitions({ grants, word }: { grants: readonly Grant[]; word: "move:" | "consent:" }) {
  const { t } = useLingui();
  if (grants.some((grant) => grant.may.includes(`${word}*`))) return <strong>{t`all`}</strong>;
  const moves = new Set(
    grants.flatMap((grant) =>
      grant.may
        .filter((act) => act.startsWith(word))
        .flatMap((act) => (grant.kinds.length > 0 ? grant.kinds : ["*"]).map((kind) => `${kind}/${act}`)),
    ),
  );
  return moves.size > 0 ? moves.size : <span className={styles.muted}>–</span>;
}
