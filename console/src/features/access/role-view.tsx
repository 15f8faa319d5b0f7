import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { RoleMove } from "~/api/generated/model/role-move";
import type { RoleView as Seen } from "~/api/generated/model/role-view";
import { useWaitedLong } from "~/lib/clock";
import { kindsOptions, useKindWords } from "~/lib/kinds";
import { STATUSES } from "~/lib/statuses";
import { Face, FailedFace } from "~/ui/faces";
import { useStatusWord } from "~/ui/status-chip";
import styles from "./access.module.css";
import { roleViewOptions, useActWord, useLimitWords } from "./access-queries";

/** What a role sees now and what it may do: to look at only, as somebody with nothing but this role would. */
export function RoleView({ role }: { role: string }) {
  const { t } = useLingui();
  const view = useQuery(roleViewOptions(role));
  const waiting = useWaitedLong(view.isPending);
  if (view.data) return <Told view={view.data} />;
  if (view.error) return <FailedFace error={view.error} onRetry={() => view.refetch()} />;
  return waiting ? <Face title={t`Loading…`} /> : null;
}

function Told({ view }: { view: Seen }) {
  const { t } = useLingui();
  const actWord = useActWord();
  const limitWords = useLimitWords();
  const statusWord = useStatusWord();
  const kinds = [...new Set(view.sees.map((one) => one.kind ?? ""))].sort();
  const movesOf = new Map<string, RoleMove[]>();
  for (const move of view.moves) movesOf.set(move.kind, [...(movesOf.get(move.kind) ?? []), move]);
  const all = [...new Set([...kinds, ...movesOf.keys()])].sort();
  const acts = view.grants.filter((grant) => grant.may.some((act) => !act.startsWith("move:")));
  const count = (kind: string, status: string) =>
    view.sees
      .filter((one) => one.kind === kind && one.status === status)
      .reduce((sum, one) => sum + one.count, 0);
  return (
    <>
      <section className={styles.section} aria-labelledby="role-may">
        <h2 id="role-may" className={styles.band}>
          <Trans>What it may</Trans>
        </h2>
        {acts.length > 0 ? (
          <ul className={styles.section}>
            {acts.map((grant) => (
              <li key={grant.id}>
                {grant.may
                  .filter((act) => !act.startsWith("move:") || act === "move:*")
                  .map(actWord)
                  .join(" · ")}
                <p className={styles.muted}>
                  {[t`grant ${grant.id}`, limitWords(grant)].filter(Boolean).join(" · ")}
                </p>
              </li>
            ))}
          </ul>
        ) : (
          <p className={styles.muted}>
            <Trans>This role has no grants: it sees nothing and may do nothing.</Trans>
          </p>
        )}
      </section>
      <section className={styles.section} aria-labelledby="role-sees">
        <h2 id="role-sees" className={styles.band}>
          <Trans>What it sees now, and the transitions it may make</Trans>
        </h2>
        <table className={styles.table} aria-labelledby="role-sees">
          <thead>
            <tr>
              <th scope="col">{t`Type`}</th>
              {STATUSES.map((status) => (
                <th key={status} scope="col" className={styles.number}>
                  {statusWord(status)}
                </th>
              ))}
              <th scope="col">{t`Transitions by hand`}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((kind) => (
              <KindRow
                key={kind}
                kind={kind}
                counts={STATUSES.map((status) => ({ word: statusWord(status), count: count(kind, status) }))}
                moves={movesOf.get(kind) ?? []}
              />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

type KindProps = { kind: string; counts: { word: string; count: number }[]; moves: readonly RoleMove[] };

function KindRow({ kind, counts, moves }: KindProps) {
  const { t } = useLingui();
  const { data: kinds } = useQuery(kindsOptions);
  const version = kinds?.items.find((one) => one.kind === kind)?.version;
  const words = useKindWords(kind, version ?? 1, version !== undefined);
  return (
    <tr>
      <td>
        <strong>{words.kind}</strong>
      </td>
      {counts.map((one) => (
        <td key={one.word} className={styles.number} data-label={one.word}>
          {one.count}
        </td>
      ))}
      <td data-label={t`Transitions by hand`}>
        {moves.length > 0 ? (
          moves.map((move) => words.transition(move.transition)).join(", ")
        ) : (
          <span className={styles.muted}>{t`none`}</span>
        )}
      </td>
    </tr>
  );
}
