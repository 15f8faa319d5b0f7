import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Endpoint } from "~/api/generated/model/endpoint";
import type { EndpointMade } from "~/api/generated/model/endpoint-made";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { sessionOptions } from "~/lib/session";
import { Face, FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { SecretShown } from "~/ui/secret-shown";
import tables from "~/ui/table.module.css";
import { EndpointDialog } from "./endpoint-dialog";
import { Health } from "./health";
import { endpointsOptions, useSortWord, useToldWord } from "./webhook-queries";
import styles from "./webhooks.module.css";

/** Where entries are told, and how it goes with each place. */
export function WebhooksPage() {
  const { t } = useLingui();
  const { data, error, isPending, refetch } = useQuery(endpointsOptions);
  const { data: session } = useQuery(sessionOptions);
  const waiting = useWaitedLong(isPending);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<EndpointMade | null>(null);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Webhooks`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Webhooks</Trans>
        </h1>
        {session?.connects ? (
          <Button onClick={() => setAdding(true)}>
            <Trans>Add an endpoint</Trans>
          </Button>
        ) : null}
      </div>
      {error && !data ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data?.items.length === 0 && session ? <Nobody connects={session.connects} /> : null}
      {data && data.items.length > 0 ? <Endpoints items={data.items} /> : null}
      {adding ? (
        <EndpointDialog
          onClose={() => setAdding(false)}
          onMade={(answer) => {
            setAdding(false);
            if (answer.secret) setMade(answer);
          }}
        />
      ) : null}
      {made?.secret ? (
        <SecretShown
          title={t`Secret of ${made.name}`}
          told={t`Copy it now: it is shown this once. The receiver verifies each delivery with it.`}
          secret={made.secret}
          onClose={() => setMade(null)}
        />
      ) : null}
    </main>
  );
}

/** Who may make no endpoints is shown none of others: that none is seen says nothing about whether there are any. */
function Nobody({ connects }: { connects: boolean }) {
  const { t } = useLingui();
  if (!connects)
    return (
      <Face title={t`Your roles do not show endpoints`}>
        <p>
          <Trans>
            They are seen by whoever may make them, or administers. An administrator can grant it.
          </Trans>
        </p>
      </Face>
    );
  return (
    <Face title={t`Nobody is told yet`}>
      <p>
        <Trans>
          An endpoint is told of every change that its query finds: a program by signed webhook, or a room in
          Slack or Teams.
        </Trans>
      </p>
    </Face>
  );
}

function Endpoints({ items }: { items: readonly Endpoint[] }) {
  const { t } = useLingui();
  const language = useLanguage();
  const sortWord = useSortWord();
  const toldWord = useToldWord();
  const now = useNow();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
    <section className={styles.scroller} tabIndex={0} aria-label={t`Endpoints`}>
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">{t`Endpoint`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Told of`}</th>
            <th scope="col" className={tables.number}>{t`Arrived in 24 hours`}</th>
            <th scope="col" className={tables.number}>{t`Waiting`}</th>
            <th scope="col" className={tables.number}>
              {t({ message: "Given up", context: "a delivery" })}
            </th>
            <th scope="col">{t`Last failure`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td>
                <Link to="/webhooks/$id" params={{ id: one.id }} className={styles.cut} title={one.name}>
                  {one.name}
                </Link>
                <p className={styles.muted}>{sortWord(one.sort)}</p>
                <p className={`${styles.muted} ${styles.cut}`} title={one.address}>
                  {one.address}
                </p>
              </td>
              <td>
                <Health endpoint={one} />
              </td>
              <td>
                {toldWord(one)}
                {one.q ? (
                  <p>
                    <code>{one.q}</code>
                  </p>
                ) : null}
              </td>
              <td className={tables.number}>
                {one.well + one.badly === 0
                  ? "–"
                  : `${formatCount(one.well, language)} / ${formatCount(one.well + one.badly, language)}`}
              </td>
              <td className={tables.number}>{formatCount(one.waiting, language)}</td>
              <td className={tables.number}>{formatCount(one.failed, language)}</td>
              <td>{one.failed_at ? <Moment at={one.failed_at} now={now} /> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
