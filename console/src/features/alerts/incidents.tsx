import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Incident } from "~/api/generated/model/incident";
import { useNow } from "~/lib/clock";
import { sessionOptions } from "~/lib/session";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./alerts.module.css";
import { IncidentDialog } from "./incident-dialog";
import { incidentsOptions } from "./incident-queries";
import { useIncidentWords } from "./use-incident-words";

/** What is wrong outside, and a way to say that something is. */
export function Incidents() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionOptions);
  const { data, error, refetch } = useQuery(incidentsOptions);
  const [opening, setOpening] = useState(false);
  const items = data?.items ?? [];
  const title = t`Incidents`;
  return (
    <section className={layout.section}>
      <div className={styles.head}>
        <h2 className={layout.band}>{title}</h2>
        {session?.manages ? (
          <Button size="xs" variant="default" onClick={() => setOpening(true)}>
            <Trans>Open an incident…</Trans>
          </Button>
        ) : null}
      </div>
      {error && !data ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {data && items.length === 0 ? (
        <p className={styles.muted}>
          <Trans>Nothing waits. An incident lets what goes to one provider wait until it is back.</Trans>
        </p>
      ) : null}
      {items.length > 0 ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too */}
          <section className={tables.scroller} tabIndex={0} aria-label={title}>
            <table className={`${tables.table} ${tables.cards}`}>
              <thead>
                <tr>
                  <th scope="col">{t`What is wrong`}</th>
                  <th scope="col">{t`State`}</th>
                  <th scope="col">{t`Operations`}</th>
                  <th scope="col">{t`Since`}</th>
                  <th scope="col">{t`Opened by`}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((incident) => (
                  <Row key={incident.id} incident={incident} />
                ))}
              </tbody>
            </table>
          </section>
        </>
      ) : null}
      {opening ? (
        <IncidentDialog
          onClose={() => setOpening(false)}
          onOpened={({ id }) => navigate({ to: "/incidents/$id", params: { id } })}
        />
      ) : null}
    </section>
  );
}

function Row({ incident }: { incident: Incident }) {
  const { t } = useLingui();
  const now = useNow();
  const words = useIncidentWords();
  return (
    <tr data-open={incident.closed_at === null ? "" : undefined} data-state={incident.state}>
      <td className={styles.state}>
        <Link to="/incidents/$id" params={{ id: incident.id }}>
          {incident.title}
        </Link>
      </td>
      <td data-label={t`State`}>{words.state(incident.state)}</td>
      <td data-label={t`Operations`}>
        <code>{incident.q}</code>
      </td>
      <td data-label={t`Since`}>
        <Moment at={incident.opened_at} now={now} />
        {incident.closed_at ? (
          <>
            {" – "}
            <Moment at={incident.closed_at} now={now} />
          </>
        ) : null}
      </td>
      <td data-label={t`Opened by`}>{incident.opened_by.name}</td>
    </tr>
  );
}
