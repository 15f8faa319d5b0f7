import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { seeAlert } from "~/api/generated/calls";
import type { Alert } from "~/api/generated/model/alert";
import { alertsOptions } from "~/lib/alerts";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLatestWords } from "~/lib/latest-words";
import { sessionOptions } from "~/lib/session";
import { Face, FailedFace, useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./alerts.module.css";
import { IncidentDialog } from "./incident-dialog";
import { Incidents } from "./incidents";
import { Limits } from "./limits";
import { isCounted, useAlertWords } from "./use-alert-words";

/** What is out of the ordinary now, and what was. */
export function AlertsPage() {
  const { t } = useLingui();
  const { data, error, isPending, refetch } = useQuery(alertsOptions);
  const waiting = useWaitedLong(isPending);
  const open = data?.items.filter((alert) => alert.closed_at === null) ?? [];
  const over = data?.items.filter((alert) => alert.closed_at !== null) ?? [];
  return (
    <main className={layout.page} aria-busy={waiting}>
      <title>{`${t`Alerts`} · Viertakt`}</title>
      <h1 className={layout.heading}>
        <Trans>Alerts</Trans>
      </h1>
      <p className={styles.muted}>
        <Trans>
          What comes, ends, fails and is rejected, of each type, brand and provider, held against the same
          hours of the weeks before.
        </Trans>
      </p>
      {error && !data ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data && open.length === 0 ? (
        <Face title={t`Nothing is out of the ordinary`}>
          <p>
            <Trans>An alert opens by itself, and closes when everything is as usual again.</Trans>
          </p>
        </Face>
      ) : null}
      {open.length > 0 ? <AlertTable title={t`Open now`} alerts={open} /> : null}
      <Incidents />
      <Limits />
      {over.length > 0 ? <AlertTable title={t`Over`} alerts={over} /> : null}
    </main>
  );
}

function AlertTable({ title, alerts }: { title: string; alerts: readonly Alert[] }) {
  const { t } = useLingui();
  return (
    <section className={layout.section}>
      <h2 className={layout.band}>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too */}
      <section className={tables.scroller} tabIndex={0} aria-label={title}>
        <table className={`${tables.table} ${tables.cards}`}>
          <thead>
            <tr>
              <th scope="col">{t`Level`}</th>
              <th scope="col">{t`What`}</th>
              <th scope="col">{t`Type`}</th>
              <th scope="col">{t`Brand or provider`}</th>
              <th scope="col" className={tables.number}>{t`Found`}</th>
              <th scope="col" className={tables.number}>{t`Usual or limit`}</th>
              <th scope="col">{t`Within`}</th>
              <th scope="col">{t`Since`}</th>
              <th scope="col">{t`Noted by`}</th>
              <th scope="col">{t`Incident`}</th>
            </tr>
          </thead>
          <tbody>
            {alerts.map((alert) => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function AlertRow({ alert }: { alert: Alert }) {
  const { t } = useLingui();
  const now = useNow();
  const words = useAlertWords();
  const latest = useLatestWords();
  return (
    <tr data-level={alert.level} data-open={alert.closed_at === null ? "" : undefined}>
      <td className={styles.level}>{alert.level === "critical" ? t`Critical` : t`Warning`}</td>
      <td>
        <Link
          to="/operations"
          search={isCounted(alert.measure) ? { q: alert.q } : { q: alert.q, sort: "created_at" }}
        >
          {words.what(alert)}
        </Link>
      </td>
      <td data-label={t`Type`}>{latest.kind(alert.kind)}</td>
      <td data-label={t`Brand or provider`}>{words.whose(alert)}</td>
      <td className={tables.number} data-label={t`Found`}>
        {words.value(alert)}
      </td>
      <td className={tables.number} data-label={t`Usual or limit`}>
        {words.usual(alert)}
      </td>
      <td data-label={t`Within`}>{words.window(alert)}</td>
      <td data-label={t`Since`}>
        <Moment at={alert.opened_at} now={now} />
        {alert.closed_at ? (
          <>
            {" – "}
            <Moment at={alert.closed_at} now={now} />
          </>
        ) : null}
      </td>
      <td data-label={alert.seen_by ? t`Noted by` : undefined}>
        {alert.seen_by ? alert.seen_by.name : <SeeButton alert={alert} what={words.what(alert)} />}
      </td>
      <td>
        <IncidentOf alert={alert} what={`${words.what(alert)}, ${latest.kind(alert.kind)}`} />
      </td>
    </tr>
  );
}

/** The incident that an alert belongs to, or a way to open one. */
function IncidentOf({ alert, what }: { alert: Alert; what: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionOptions);
  const [opening, setOpening] = useState(false);
  if (alert.incident_id !== null)
    return (
      <Link to="/incidents/$id" params={{ id: alert.incident_id }}>
        <Trans>Incident</Trans>
      </Link>
    );
  if (alert.closed_at !== null || !session?.manages) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={() => setOpening(true)}
        aria-label={t`Open an incident: ${what}`}
      >
        <Trans>Incident…</Trans>
      </Button>
      {opening ? (
        <IncidentDialog
          alert={alert}
          title={what}
          onClose={() => setOpening(false)}
          onOpened={({ id }) => navigate({ to: "/incidents/$id", params: { id } })}
        />
      ) : null}
    </>
  );
}

function SeeButton({ alert, what }: { alert: Alert; what: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const see = useMutation({
    mutationFn: () => seeAlert(alert.id),
    onSuccess: (noted) => {
      const who = noted.seen_by?.name ?? "";
      announce(t`Noted by ${who}: ${what}`);
      return client.invalidateQueries({ queryKey: alertsOptions.queryKey });
    },
    onError: (error) => announce(explain(error)),
  });
  if (alert.closed_at !== null) return "–";
  return (
    <Button
      size="xs"
      variant="default"
      loading={see.isPending}
      onClick={() => see.mutate()}
      aria-label={t`Take note: ${what}`}
    >
      <Trans>Take note</Trans>
    </Button>
  );
}
