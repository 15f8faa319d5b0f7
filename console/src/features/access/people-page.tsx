import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { activatePerson } from "~/api/generated/calls";
import type { AddedPerson } from "~/api/generated/model/added-person";
import type { Person } from "~/api/generated/model/person";
import { useNow, useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { SecretShown } from "~/ui/secret-shown";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import { peopleOptions, rolesOptions, useChange, useRoleWord, useWaitsWords } from "./access-queries";
import { AddPersonDialog, DeactivateDialog, RolesDialog } from "./person-dialogs";
import { ResetPasswordDialog } from "./reset-password-dialog";

type Open = { dialog: "add" } | { dialog: "roles" | "password" | "leave"; person: Person };

/** Who signs in, with which roles and when they were last here. */
export function PeoplePage() {
  const { t } = useLingui();
  const people = useQuery(peopleOptions);
  const roles = useQuery(rolesOptions);
  const waiting = useWaitedLong(people.isPending || roles.isPending);
  const [open, setOpen] = useState<Open | null>(null);
  const [added, setAdded] = useState<AddedPerson | null>(null);
  const close = () => setOpen(null);
  const error = people.error ?? roles.error;
  const known = roles.data?.items ?? [];
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`People`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>People</Trans>
        </h1>
        <Button onClick={() => setOpen({ dialog: "add" })} disabled={!roles.data}>
          <Trans>Add a person</Trans>
        </Button>
      </div>
      {people.data && roles.data ? (
        <PeopleTable items={people.data.items} open={setOpen} />
      ) : error ? (
        <FailedFace
          error={error}
          onRetry={() => {
            people.refetch();
            roles.refetch();
          }}
        />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
      {open?.dialog === "add" ? (
        <AddPersonDialog
          roles={known}
          onClose={close}
          onAdded={(answer) => {
            close();
            setAdded(answer);
          }}
        />
      ) : null}
      {open?.dialog === "roles" ? <RolesDialog person={open.person} roles={known} onClose={close} /> : null}
      {open?.dialog === "password" ? <ResetPasswordDialog person={open.person} onClose={close} /> : null}
      {open?.dialog === "leave" ? (
        <DeactivateDialog person={open.person} people={people.data?.items ?? []} onClose={close} />
      ) : null}
      {added ? (
        <SecretShown
          title={t`${added.person.name} can sign in`}
          told={t`This is the first password for ${added.person.email}. It is shown this once; hand it over in person.`}
          secret={added.password}
          onClose={() => setAdded(null)}
        />
      ) : null}
    </main>
  );
}

function PeopleTable({ items, open }: { items: readonly Person[]; open: (what: Open) => void }) {
  const { t } = useLingui();
  const now = useNow();
  const roles = useQuery(rolesOptions);
  const roleWord = useRoleWord(roles.data?.items);
  const waits = useWaitsWords();
  const activate = useChange(
    activatePerson,
    (answer) => waits(answer) ?? ("name" in answer ? t`${answer.name} may sign in again` : ""),
  );
  return (
    <table className={`${tables.table} ${tables.cards}`} aria-label={t`People`}>
      <thead>
        <tr>
          <th scope="col">{t`Name`}</th>
          <th scope="col">{t`Roles`}</th>
          <th scope="col">{t`Last seen`}</th>
          <th scope="col">{t`Status`}</th>
          <th scope="col">{t`Actions`}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id} data-gone={one.active ? undefined : ""}>
            <td>
              <strong>{one.name}</strong>
              <p className={styles.muted}>{one.email}</p>
            </td>
            <td data-label={t`Roles`}>{one.roles.map(roleWord).join(", ") || t`none`}</td>
            <td data-label={t`Last seen`}>
              {one.last_seen_at ? <Moment at={one.last_seen_at} now={now} /> : t`never`}
            </td>
            <td data-label={t`Status`}>{one.active ? t`Active` : t`Deactivated`}</td>
            <td>
              <div className={styles.buttons}>
                {one.active ? (
                  <>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t`Roles of ${one.name}`}
                      onClick={() => open({ dialog: "roles", person: one })}
                    >
                      <Trans>Roles</Trans>
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t`Sign-ins of ${one.name}`}
                      renderRoot={(props) => <Link to="/sign-ins" search={{ person: one.id }} {...props} />}
                    >
                      <Trans>Sign-ins</Trans>
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t`Reset password: ${one.name}`}
                      onClick={() => open({ dialog: "password", person: one })}
                    >
                      <Trans>Reset password</Trans>
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t`Deactivate ${one.name}`}
                      onClick={() => open({ dialog: "leave", person: one })}
                    >
                      <Trans>Deactivate</Trans>
                    </Button>
                  </>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t`Activate ${one.name}`}
                    loading={activate.isPending && activate.variables === one.id}
                    onClick={() => activate.mutate(one.id)}
                  >
                    <Trans>Activate</Trans>
                  </Button>
                )}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
