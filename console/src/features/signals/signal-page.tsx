import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { replaySignal } from "~/api/generated/calls";
import type { SignalDetail } from "~/api/generated/model/signal-detail";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { FailedFace, useProblemWords } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { Payload } from "./payload";
import styles from "./signals.module.css";
import { signalOptions } from "./signals-query";
import { useKindWords, useSignalState, useSignalWhy } from "./use-signal-words";

/** One signal: what became of it, and its payload. */
export function SignalPage({ source, id }: { source: string; id: string }) {
  const { t } = useLingui();
  const { data, error, isPending, refetch } = useQuery(signalOptions(source, id));
  const waiting = useWaitedLong(isPending);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${data?.type ?? t`Signal`} · Viertakt`}</title>
      {error && !data ? <FailedFace error={error} whole onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data ? <Shown signal={data} /> : null}
    </main>
  );
}

function Shown({ signal }: { signal: SignalDetail }) {
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.heading}>{signal.type ?? signal.event_id}</h1>
        {signal.may_replay ? <ReplayButton signal={signal} /> : null}
        <Link to="/signals">
          <Trans>All signals</Trans>
        </Link>
      </div>
      <Facts signal={signal} />
      <Payload signal={signal} />
    </>
  );
}

function Facts({ signal }: { signal: SignalDetail }) {
  const wordOf = useKindWords();
  const kind = signal.operation?.kind;
  const now = useNow();
  const stateWord = useSignalState();
  const whyWord = useSignalWhy();
  return (
    <dl className={styles.facts}>
      <dt>
        <Trans>State</Trans>
      </dt>
      <dd>{stateWord(signal.state)}</dd>
      {signal.why ? (
        <>
          <dt>
            <Trans>Why</Trans>
          </dt>
          <dd>{whyWord(signal.why)}</dd>
        </>
      ) : null}
      <dt>
        <Trans>Operation</Trans>
      </dt>
      <dd>
        {signal.operation ? (
          <Link to="/operations/$id" params={{ id: signal.operation.id }}>
            {signal.operation.reference}
          </Link>
        ) : (
          signal.names.map((one) => `${one.scheme} ${one.value}`).join(", ") || "–"
        )}
      </dd>
      {signal.to_stage ? (
        <>
          <dt>
            <Trans>Move</Trans>
          </dt>
          <dd>
            {[signal.from_stage, signal.to_stage].map((one) => wordOf(kind, "stages", one ?? "")).join(" → ")}
          </dd>
        </>
      ) : null}
      <dt>
        <Trans>Source</Trans>
      </dt>
      <dd>{signal.source}</dd>
      <dt>
        <Trans>Event</Trans>
      </dt>
      <dd>
        <code>{signal.event_id}</code>
      </dd>
      <dt>
        <Trans>The provider's time</Trans>
      </dt>
      <dd>
        <Moment at={signal.at} now={now} />
      </dd>
      <dt>
        <Trans>Received</Trans>
      </dt>
      <dd>
        <Moment at={signal.received_at} now={now} />{" "}
        <Plural value={signal.deliveries} one="(once)" other="(# times)" />
      </dd>
    </dl>
  );
}

function ReplayButton({ signal }: { signal: SignalDetail }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const queryClient = useQueryClient();
  const replay = useMutation({
    mutationFn: () => replaySignal(signal.source, signal.id),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: ["signals"] });
      announce(t`The signal is read and applied once more`);
    },
  });
  return (
    <>
      {replay.error ? <span role="alert">{explain(replay.error)}</span> : null}
      <Button variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
        <Trans>Replay</Trans>
      </Button>
    </>
  );
}
