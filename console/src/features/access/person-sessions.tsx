import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { endSession, endSessions } from "~/api/generated/calls";
import type { Person } from "~/api/generated/model/person";
import { useNow } from "~/lib/clock";
import { programOf } from "~/lib/program-of";
import { FailedFace, useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import { Refused } from "~/ui/refused";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import { personSessionsOptions, useChange } from "./access-queries";
import { useMethodWord } from "./sign-in-words";

/** Where a person is signed in now; one place or all of them end here. */
export function PersonSessions({ person }: { person: Person }) {
  const { t } = useLingui();
  const now = useNow();
  const explain = useProblemWords();
  const methodWord = useMethodWord();
  const { data, error, refetch } = useQuery(personSessionsOptions(person.id));
  const end = useChange(
    (session: string | null) => (session ? endSession(person.id, session) : endSessions(person.id)),
    (_, session) => (session ? t`One session ended` : t`${person.name} is signed out everywhere`),
  );
  const items = data?.items ?? [];
  return (
    <section className={layout.section} aria-labelledby="person-sessions">
      <div className={styles.head}>
        <h2 id="person-sessions" className={`${styles.heading} ${layout.band}`}>
          <Trans>Where {person.name} is signed in</Trans>
        </h2>
        {items.length > 0 ? (
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
            <Trans>Sign out everywhere</Trans>
          </Button>
        ) : null}
      </div>
      {end.error ? <Refused told={explain(end.error)} /> : null}
      {error ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {data && items.length === 0 ? (
        <p className={styles.muted}>
          <Trans>Nowhere at the moment.</Trans>
        </p>
      ) : null}
      {items.length > 0 ? (
        <table className={`${tables.table} ${tables.cards}`} aria-labelledby="person-sessions">
          <thead>
            <tr>
              <th scope="col">{t`Program`}</th>
              <th scope="col">{t`Signed in`}</th>
              <th scope="col">{t`Last seen`}</th>
              <th scope="col">{t`Ends`}</th>
              <th scope="col">{t`Actions`}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => {
              const where = [programOf(one.client) ?? t`Unknown program`, one.address]
                .filter(Boolean)
                .join(" · ");
              return (
                <tr key={one.id}>
                  <td>
                    <strong>{where}</strong>
                    {one.current ? <p className={tables.muted}>{t`This session`}</p> : null}
                  </td>
                  <td data-label={t`Signed in`}>
                    <Moment at={one.started_at} now={now} />
                    <p className={tables.muted}>{methodWord(one.method)}</p>
                  </td>
                  <td data-label={t`Last seen`}>
                    <Moment at={one.seen_at} now={now} />
                  </td>
                  <td data-label={t`Ends`}>
                    <Moment at={one.ends_at} now={now} />
                  </td>
                  <td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      disabled={end.isPending}
                      aria-label={t`Sign out ${where}`}
                      onClick={() => end.mutate(one.id)}
                    >
                      <Trans>Sign out</Trans>
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
