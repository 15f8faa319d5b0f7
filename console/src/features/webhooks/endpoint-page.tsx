import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { changeEndpoint, endEndpoint, testEndpoint } from "~/api/generated/calls";
import type { Endpoint } from "~/api/generated/model/endpoint";
import { isProblem } from "~/api/problem";
import { useWaitedLong } from "~/lib/clock";
import { Dialog } from "~/ui/dialog";
import { FailedFace, useProblemWords } from "~/ui/faces";
import { Refused } from "~/ui/refused";
import { SecretShown } from "~/ui/secret-shown";
import { Deliveries } from "./deliveries";
import { EndpointDialog } from "./endpoint-dialog";
import { Health } from "./health";
import { NewSecretDialog } from "./new-secret-dialog";
import { groupsOf } from "./told-of";
import { endpointOptions, useChange, useGroupWords, useSortWord } from "./webhook-queries";
import styles from "./webhooks.module.css";

/** One endpoint: how it goes with it, what it was told, and telling it again. */
export function EndpointPage({ id, onEnded }: { id: string; onEnded: () => void }) {
  const { t } = useLingui();
  const { data: read, error, isPending, refetch } = useQuery(endpointOptions(id));
  // Ended since it was read, here or elsewhere: what is kept of it is no longer so.
  const data = isProblem(error, "not_found") ? undefined : read;
  const waiting = useWaitedLong(isPending);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${data?.name ?? t`Webhooks`} · Viertakt`}</title>
      <p>
        <Link to="/webhooks">
          <Trans>Webhooks</Trans>
        </Link>
      </p>
      {error && !data ? <FailedFace whole error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data ? (
        <>
          <Head endpoint={data} onEnded={onEnded} />
          <Deliveries endpoint={data} />
        </>
      ) : null}
    </main>
  );
}

function Head({ endpoint, onEnded }: { endpoint: Endpoint; onEnded: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const sortWord = useSortWord();
  const groupWords = useGroupWords();
  const [open, setOpen] = useState<"change" | "secret" | "end" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const test = useChange(
    () => testEndpoint(endpoint.id),
    ({ number }) => t`The test goes out as delivery ${number}`,
  );
  const turn = useChange(
    (active: boolean) => changeEndpoint(endpoint.id, { active }),
    (answer) => (answer.active ? t`${answer.name} goes on where it stopped` : t`${answer.name} is off`),
  );
  const error = test.error ?? turn.error;
  return (
    <>
      <div className={styles.head}>
        <h1 className={`${styles.heading} ${styles.cut}`} title={endpoint.name}>
          {endpoint.name}
        </h1>
        {endpoint.active ? (
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate(undefined)}>
            <Trans>Send a test</Trans>
          </Button>
        ) : null}
        <Button variant="default" onClick={() => setOpen("change")}>
          <Trans>Change…</Trans>
        </Button>
        {endpoint.sort === "webhook" ? (
          <Button variant="default" onClick={() => setOpen("secret")}>
            <Trans>New secret…</Trans>
          </Button>
        ) : null}
        <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate(!endpoint.active)}>
          {endpoint.active ? t`Switch off` : t`Switch on`}
        </Button>
        <Button variant="default" onClick={() => setOpen("end")}>
          <Trans>End…</Trans>
        </Button>
      </div>
      {error ? <Refused told={explain(error)} /> : null}
      <dl className={styles.facts}>
        <dt>{t`State`}</dt>
        <dd>
          <Health endpoint={endpoint} />
        </dd>
        <dt>{t`What is there`}</dt>
        <dd>{sortWord(endpoint.sort)}</dd>
        <dt>{t`Address`}</dt>
        <dd>{endpoint.address}</dd>
        <dt>{t`Told with the rights of`}</dt>
        <dd>{endpoint.owner.name}</dd>
        <dt>{t`Told of`}</dt>
        <dd>
          {endpoint.alerts ? <div>{t`Alerts and incidents`}</div> : null}
          {[...groupsOf(endpoint.entries)].map((group) => (
            <div key={group}>{groupWords[group]}</div>
          ))}
        </dd>
        {endpoint.entries.length > 0 ? (
          <>
            <dt>{t`Filter`}</dt>
            <dd>{endpoint.q ? <code>{endpoint.q}</code> : t`every operation`}</dd>
          </>
        ) : null}
        {endpoint.entries.length > 0 && endpoint.stages.length > 0 ? (
          <>
            <dt>{t`Stages`}</dt>
            <dd>{endpoint.stages.join(", ")}</dd>
          </>
        ) : null}
      </dl>
      {open === "change" ? <EndpointDialog endpoint={endpoint} onClose={() => setOpen(null)} /> : null}
      {open === "secret" ? (
        <NewSecretDialog
          endpoint={endpoint}
          onClose={() => setOpen(null)}
          onMade={(made) => {
            setOpen(null);
            setSecret(made);
          }}
        />
      ) : null}
      {open === "end" ? (
        <EndDialog endpoint={endpoint} onClose={() => setOpen(null)} onEnded={onEnded} />
      ) : null}
      {secret ? (
        <SecretShown
          title={t`Secret of ${endpoint.name}`}
          told={t`Copy it now: it is shown this once. The receiver verifies each delivery with it.`}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      ) : null}
    </>
  );
}

type EndProps = { endpoint: Endpoint; onClose: () => void; onEnded: () => void };

function EndDialog({ endpoint, onClose, onEnded }: EndProps) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const end = useChange(
    () => endEndpoint(endpoint.id),
    () => t`${endpoint.name} is told nothing more`,
    onEnded,
  );
  return (
    <Dialog title={t`End ${endpoint.name}`} size={480} onClose={onClose}>
      <div className={styles.form}>
        <p>
          <Trans>It is told nothing more, for good. To stop for a while, switch it off.</Trans>
        </p>
        {end.error ? <Refused told={explain(end.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button data-autofocus loading={end.isPending} onClick={() => end.mutate(undefined)}>
            <Trans>End</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
