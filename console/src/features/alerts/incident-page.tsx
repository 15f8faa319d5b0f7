import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Alert } from "~/api/generated/model/alert";
import type { IncidentDetail } from "~/api/generated/model/incident-detail";
import type { IncidentEvent } from "~/api/generated/model/incident-event";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { useLatestWords } from "~/lib/latest-words";
import { localeOf } from "~/lib/money";
import { sessionOptions } from "~/lib/session";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./alerts.module.css";
import { IncidentActs } from "./incident-acts";
import { incidentOptions } from "./incident-queries";
import { useAlertWords } from "./use-alert-words";
import { useIncidentWords } from "./use-incident-words";

/** One incident: what waits because of it, what was done about it, and letting go. */
export function IncidentPage({ id }: { id: string }) {
  const { t } = useLingui();
  const { data: session } = useQuery(sessionOptions);
  const { data, error, isPending, refetch } = useQuery(incidentOptions(id));
  const waiting = useWaitedLong(isPending);
  return (
    <main className={layout.page} aria-busy={waiting}>
      <title>{`${data?.incident.title ?? t`Incident`} · Viertakt`}</title>
      <p className={styles.back}>
        <Link to="/alerts">
          <Trans>Alerts and incidents</Trans>
        </Link>
      </p>
      {error && !data ? <FailedFace whole error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data ? (
        <>
          <h1 className={layout.heading}>{data.incident.title}</h1>
          <Facts detail={data} />
          {session?.manages && data.incident.state !== "closed" ? (
            <IncidentActs incident={data.incident} />
          ) : null}
          <Alerts alerts={data.alerts} />
          <Timeline events={data.events} />
        </>
      ) : null}
    </main>
  );
}

function Facts({ detail }: { detail: IncidentDetail }) {
  const { t } = useLingui();
  const now = useNow();
  const words = useIncidentWords();
  const number = new Intl.NumberFormat(localeOf(useLanguage()));
  const { incident } = detail;
  const count = (value: number) => number.format(value);
  const left = count(detail.to_ask);
  return (
    <dl className={styles.facts}>
      <dt>{t`State`}</dt>
      <dd className={styles.state}>{words.state(incident.state)}</dd>
      <dt>{t`Operations`}</dt>
      <dd>
        <Link to="/operations" search={{ q: `${incident.q} status:pending` }}>
          {t`${count(detail.pending)} under way`}
        </Link>{" "}
        <code>{incident.q}</code>
      </dd>
      <dt>{t`With a provider`}</dt>
      <dd>{count(detail.with_provider)}</dd>
      <dt>{t`With a deadline`}</dt>
      <dd>{t`${count(detail.deadlines)}, of ${count(detail.overdue)} it is up`}</dd>
      <dt>{t`Opened`}</dt>
      <dd>
        <Moment at={incident.opened_at} now={now} /> · {incident.opened_by.name}
      </dd>
      {incident.held_at ? (
        <>
          <dt>{t`Waiting`}</dt>
          <dd>
            <Moment at={incident.held_at} now={now} />
            {" – "}
            {incident.resumed_at ? <Moment at={incident.resumed_at} now={now} /> : t`now`}
          </dd>
        </>
      ) : null}
      {incident.state === "releasing" && incident.asked_until ? (
        <>
          <dt>{t`Still to be asked about`}</dt>
          <dd>
            <Trans>
              {left}, until <Moment at={incident.asked_until} now={now} />
            </Trans>
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Alerts({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useLingui();
  const words = useAlertWords();
  const latest = useLatestWords();
  if (alerts.length === 0) return null;
  return (
    <section className={layout.section}>
      <h2 className={layout.band}>{t`Alerts`}</h2>
      <ul className={styles.list}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Link to="/operations" search={{ q: alert.q }}>
              {words.what(alert)}
            </Link>{" "}
            · {latest.kind(alert.kind)} · {alert.brand ?? t`all`} · {words.value(alert)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Timeline({ events }: { events: readonly IncidentEvent[] }) {
  const { t } = useLingui();
  const now = useNow();
  const words = useIncidentWords();
  return (
    <section className={layout.section}>
      <h2 className={layout.band}>{t`Timeline`}</h2>
      <ol className={styles.list} aria-label={t`Timeline`}>
        {events.map((event) => (
          <li key={`${event.at}${event.sort}`}>
            <span className={styles.muted}>
              <Moment at={event.at} now={now} />
              {event.sort === "resumed" ? null : ` · ${event.actor.name}`}
            </span>
            <span>{words.event(event.sort, event.per_minute)}</span>
            {event.comment ? <p className={styles.comment}>{event.comment}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
