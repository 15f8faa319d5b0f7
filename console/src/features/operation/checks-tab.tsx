import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { listCheckRuns, runChecksAgain } from "~/api/generated/calls";
import type { CheckRun } from "~/api/generated/model/check-run";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { useAnnounce } from "~/lib/announce";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { wordFromName } from "~/lib/words";
import { FailedFace, useProblemWords } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./checks-tab.module.css";

const REFRESH_EVERY = 5_000;

const runsOptions = (id: string) =>
  queryOptions({
    queryKey: ["check-runs", id],
    queryFn: ({ signal }) => listCheckRuns({ operation: id, limit: 100 }, { signal }),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });

type Props = { operation: OperationDetail; words: KindWords; now: number };

/** Every examination of the operation, the newest first: what each check said, and on what it rests. */
export function ChecksTab({ operation, words, now }: Props) {
  const { t } = useLingui();
  const runs = useQuery(runsOptions(operation.id));
  const explain = useProblemWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const again = useMutation({
    mutationFn: () => runChecksAgain(operation.id),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: ["check-runs", operation.id] });
      announce(t`It is examined once more`);
    },
  });
  if (runs.error) return <FailedFace error={runs.error} onRetry={() => runs.refetch()} />;
  if (!runs.data) return <p aria-busy="true" />;
  const here = runs.data.items.some((run) => run.version === operation.version);
  return (
    <div className={styles.runs}>
      {runs.data.items.length === 0 ? (
        <p className={styles.muted}>
          <Trans>Nothing has been examined yet.</Trans>
        </p>
      ) : null}
      {runs.data.items.map((run) => (
        <Run key={`${run.version}.${run.sort}`} run={run} words={words} now={now} />
      ))}
      {here ? (
        <p>
          <Button
            size="compact-sm"
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate()}
          >
            <Trans>Examine once more</Trans>
          </Button>
        </p>
      ) : null}
      {again.error ? <p role="alert">{explain(again.error)}</p> : null}
    </div>
  );
}

function Run({ run, words, now }: { run: CheckRun; words: KindWords; now: number }) {
  const { t } = useLingui();
  const verdictWord = useVerdictOfCheckWord();
  const stateWord = useRunStateWord();
  const reasonWords = useReasonWords();
  const stage = words.stage(run.stage);
  const id = `run-${run.version}-${run.sort}`;
  return (
    <section className={styles.run} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {run.sort === "checks" ? stage : t`${stage}: what became of it?`}
        </h2>
        <span className={styles.muted}>
          {run.verdict ? verdictWord(run.verdict) : stateWord(run)} ·{" "}
          <Moment at={run.settled_at ?? run.started_at} now={now} />
        </span>
      </div>
      {run.found.length > 0 ? (
        <table className={`${tables.table} ${tables.cards}`} aria-labelledby={id}>
          <thead>
            <tr>
              <th scope="col">{t`Check`}</th>
              <th scope="col">{t`Verdict`}</th>
              <th scope="col">{t`Evidence`}</th>
            </tr>
          </thead>
          <tbody>
            {run.found.map((finding) => (
              <tr key={finding.check}>
                <td>
                  <strong>{wordFromName(finding.check)}</strong>
                </td>
                <td data-label={t`Verdict`}>
                  {finding.failed ? t`could not be done` : verdictWord(finding.verdict)}
                  {finding.reason ? (
                    <p className={tables.muted}>{reasonWords(finding.reason).internal}</p>
                  ) : null}
                </td>
                <td data-label={t`Evidence`}>
                  <Evidence evidence={finding.evidence} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {run.said || run.tries > 0 ? (
        <p className={styles.muted}>
          {[run.said ? wordFromName(run.said) : null, run.tries > 0 ? t`tries: ${run.tries}` : null]
            .filter(Boolean)
            .join(" · ")}
        </p>
      ) : null}
    </section>
  );
}

/** Figures and codes as they were told; a query stays a query. */
function Evidence({ evidence }: { evidence: Record<string, unknown> }) {
  const word = useEvidenceWord();
  const told = Object.entries(evidence);
  if (told.length === 0) return "–";
  return (
    <dl className={styles.evidence}>
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{word(name)}</dt>
          <dd>
            <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What Viertakt's own checks tell; what a company's service tells keeps its name. */
function useEvidenceWord(): (name: string) => string {
  const { t } = useLingui();
  return (name) => {
    switch (name) {
      case "query":
        return t`It asks`;
      case "rule":
        return t`It has to hold`;
      case "found":
        return t`Found`;
      case "at_most":
        return t`At most`;
      case "blocked":
        return t`On the block list by`;
      case "failure":
        return t`Why not`;
      case "off":
        return t`Left out`;
      default:
        return wordFromName(name);
    }
  };
}

function useVerdictOfCheckWord(): (verdict: "pass" | "review" | "reject") => string {
  const { t } = useLingui();
  return (verdict) => {
    switch (verdict) {
      case "pass":
        return t`passes`;
      case "review":
        return t`to be reviewed`;
      case "reject":
        return t`not passed`;
    }
  };
}

function useRunStateWord(): (run: CheckRun) => string {
  const { t } = useLingui();
  return ({ state }) => {
    switch (state) {
      case "due":
        return t`under way`;
      case "later":
        return t`the answer comes later`;
      case "done":
        return t`done`;
      case "void":
        return t`the operation moved on`;
      case "refused":
        return t`its move was refused`;
    }
  };
}
