import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AccessChange } from "~/api/generated/model/access-change";
import { ChangeSort } from "~/api/generated/model/change-sort";
import { useNow, useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import { changesOptions, peopleOptions, rolesOptions, useRoleWord } from "./access-queries";
import { ReviewPanel } from "./review-panel";
import { useSortWord } from "./sort-word";
import { WaitingChanges } from "./waiting-changes";

/** Which lines of the audit are shown; all of it stands in the address. */
export type AuditSearch = { sort?: string; by?: string; cursor?: string };

type Props = { search: AuditSearch; me: string | undefined; onSearch: (search: AuditSearch) => void };

/** Who changed whose access, and who was shown personal data; the newest first. */
export function AuditPage({ search, me, onSearch }: Props) {
  const { t } = useLingui();
  const sort = Object.values(ChangeSort).find((one) => one === search.sort);
  const changes = useQuery(
    changesOptions({
      ...(sort ? { sort } : {}),
      ...(search.by ? { by: search.by } : {}),
      ...(search.cursor ? { cursor: search.cursor } : {}),
    }),
  );
  const people = useQuery(peopleOptions);
  const waiting = useWaitedLong(changes.isPending);
  const sortWord = useSortWord();
  const next = changes.data?.next_cursor;
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Audit log`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Audit log</Trans>
        </h1>
      </div>
      <WaitingChanges me={me} />
      <ReviewPanel />
      <div className={styles.filter}>
        <NativeSelect
          label={t`What`}
          value={sort ?? ""}
          onChange={(event) => onSearch({ ...search, sort: event.currentTarget.value, cursor: "" })}
          data={[
            { value: "", label: t`Everything` },
            ...Object.values(ChangeSort).map((one) => ({ value: one, label: sortWord(one) })),
          ]}
        />
        <NativeSelect
          label={t`By`}
          value={search.by ?? ""}
          onChange={(event) => onSearch({ ...search, by: event.currentTarget.value, cursor: "" })}
          data={[
            { value: "", label: t`Everybody` },
            ...(people.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      </div>
      {changes.data ? (
        changes.data.items.length > 0 ? (
          <ChangesTable items={changes.data.items} />
        ) : (
          <Face title={t`Nothing of this kind yet`} />
        )
      ) : changes.error ? (
        <FailedFace error={changes.error} onRetry={() => changes.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
      <div className={styles.buttons}>
        {search.cursor ? (
          <Button variant="default" onClick={() => onSearch({ ...search, cursor: "" })}>
            <Trans>To the newest</Trans>
          </Button>
        ) : null}
        {next ? (
          <Button variant="default" onClick={() => onSearch({ ...search, cursor: next })}>
            <Trans>Older</Trans>
          </Button>
        ) : null}
      </div>
    </main>
  );
}

function ChangesTable({ items }: { items: readonly AccessChange[] }) {
  const { t } = useLingui();
  const now = useNow();
  const sortWord = useSortWord();
  return (
    <table className={`${tables.table} ${tables.cards}`} aria-label={t`Audit log`}>
      <thead>
        <tr>
          <th scope="col">{t`When`}</th>
          <th scope="col">{t`By`}</th>
          <th scope="col">{t`What`}</th>
          <th scope="col">{t`About`}</th>
          <th scope="col">{t`Reason`}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <td>
              <Moment at={one.at} now={now} />
            </td>
            <td data-label={t`By`}>{one.by.name}</td>
            <td data-label={t`What`}>
              {sortWord(one.sort)}
              <Detail change={one} />
            </td>
            <td data-label={t`About`}>
              <About change={one} />
            </td>
            <td data-label={t`Reason`}>{one.reason ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function About({ change }: { change: AccessChange }) {
  const roles = useQuery(rolesOptions);
  const roleWord = useRoleWord(roles.data?.items);
  if (change.about) return change.about.name;
  if (change.role) return roleWord(change.role);
  if (change.operation_id)
    return (
      <Link to="/operations/$id" params={{ id: change.operation_id }}>
        <Trans>the operation</Trans>
      </Link>
    );
  return "–";
}

function Detail({ change }: { change: AccessChange }) {
  const { t } = useLingui();
  const roles = useQuery(rolesOptions);
  const roleWord = useRoleWord(roles.data?.items);
  const words = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const { before, after, fields } = change.detail ?? {};
  const told = change.grant
    ? t`grant ${change.grant}`
    : fields
      ? words(fields).join(", ")
      : after
        ? [before, after]
            .filter(Array.isArray)
            .map((held) => words(held).map(roleWord).join(", ") || t`none`)
            .join(" → ")
        : "";
  return told ? <p className={styles.muted}>{told}</p> : null;
}
