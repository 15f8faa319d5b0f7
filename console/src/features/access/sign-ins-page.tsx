import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SignInEvent } from "~/api/generated/model/sign-in-event";
import { useNow, useWaitedLong } from "~/lib/clock";
import { programOf } from "~/lib/program-of";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import { peopleOptions, signInEventsOptions } from "./access-queries";
import { PersonSessions } from "./person-sessions";
import { useEventWord, useMethodWord } from "./sign-in-words";

type Props = { person: string | undefined; onPerson: (person: string | undefined) => void };

/** What happened at the door, and where a person is signed in; the newest first. */
export function SignInsPage({ person, onPerson }: Props) {
  const { t } = useLingui();
  const people = useQuery(peopleOptions);
  const events = useQuery(signInEventsOptions(person));
  const waiting = useWaitedLong(events.isPending);
  const chosen = people.data?.items.find((one) => one.id === person);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Sign-ins`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Sign-ins</Trans>
        </h1>
        <NativeSelect
          label={t`Person`}
          value={person ?? ""}
          onChange={(event) => onPerson(event.currentTarget.value || undefined)}
          data={[
            { value: "", label: t`Everybody` },
            ...(people.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        {person ? (
          <Button variant="default" onClick={() => onPerson(undefined)}>
            <Trans>Show everybody</Trans>
          </Button>
        ) : null}
      </div>
      {chosen ? <PersonSessions person={chosen} /> : null}
      {events.data ? (
        events.data.items.length > 0 ? (
          <EventsTable items={events.data.items} />
        ) : (
          <Face title={t`Nothing has happened here yet`} />
        )
      ) : events.error ? (
        <FailedFace error={events.error} onRetry={() => events.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
    </main>
  );
}

function EventsTable({ items }: { items: readonly SignInEvent[] }) {
  const { t } = useLingui();
  const now = useNow();
  const eventWord = useEventWord();
  const methodWord = useMethodWord();
  return (
    <section className={layout.section} aria-labelledby="sign-in-events">
      <h2 id="sign-in-events" className={layout.band}>
        <Trans>What happened</Trans>
      </h2>
      <table className={`${tables.table} ${tables.cards}`} aria-labelledby="sign-in-events">
        <thead>
          <tr>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Account`}</th>
            <th scope="col">{t`By`}</th>
            <th scope="col">{t`From`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td>
                <Moment at={one.at} now={now} />
              </td>
              <td data-label={t`What`}>
                {eventWord(one.sort)}
                {one.method ? <p className={tables.muted}>{methodWord(one.method)}</p> : null}
              </td>
              <td data-label={t`Account`}>
                {one.whose ? (
                  <Link to="/sign-ins" search={{ person: one.whose.id }}>
                    {one.whose.name}
                  </Link>
                ) : (
                  t`nobody's`
                )}
              </td>
              <td data-label={t`By`}>{one.by?.name ?? "–"}</td>
              <td data-label={t`From`}>
                {[programOf(one.client), one.address].filter(Boolean).join(" · ") || "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
