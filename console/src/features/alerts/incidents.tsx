import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Incident } from "~/api/generated/model/incident";
import { useNow } from "~/lib/clock";
import { sessionOptions } from "~/lib/session";
import { Moment } from "~/ui/moment";
import styles from "./alerts.module.css";
import { IncidentDialog } from "./incident-dialog";
import { incidentsOptions } from "./incident-queries";
import { Listed } from "./listed";
import { useIncidentWords } from "./use-incident-words";

/** What is wrong outside, and a way to say that something is. */
export function Incidents() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionOptions);
  const { data, error, refetch } = useQuery(incidentsOptions);
  const [opening, setOpening] = useState(false);
  return (
    <>
      <Listed
        title={t`Incidents`}
        adds={session?.manages ? t`Open an incident…` : null}
        onAdd={() => setOpening(true)}
        failed={error && !data ? { error, onRetry: refetch } : null}
        columns={[t`What is wrong`, t`State`, t`Operations`, t`Since`, t`Opened by`]}
        rows={data?.items.map((incident) => <Row key={incident.id} incident={incident} />) ?? null}
        empty={
          <Trans>Nothing waits. An incident lets what goes to one provider wait until it is back.</Trans>
        }
      />
      {opening ? (
        <IncidentDialog
          onClose={() => setOpening(false)}
          onOpened={({ id }) => navigate({ to: "/incidents/$id", params: { id } })}
        />
      ) : null}
    </>
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
