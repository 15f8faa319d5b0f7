import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Role } from "~/api/generated/model/role";
import type { RoleMove } from "~/api/generated/model/role-move";
import type { RoleView as Seen } from "~/api/generated/model/role-view";
import { useWaitedLong } from "~/lib/clock";
import { kindsOptions, useKindWords } from "~/lib/kinds";
import { STATUSES } from "~/lib/statuses";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { useStatusWord } from "~/ui/status-chip";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import { roleViewOptions } from "./access-queries";
import { RoleGrants } from "./role-grants";
import { RoleTools } from "./role-tools";

type Props = { role: Role; roleWord: string; onGone: () => void };

/** One role: what it may, which is changed here; what it sees now; and the way to look through its eyes. */
export function RoleView({ role, roleWord, onGone }: Props) {
  const { t } = useLingui();
  const view = useQuery(roleViewOptions(role.role));
  const waiting = useWaitedLong(view.isPending);
  return (
    <>
      <RoleTools role={role} roleWord={roleWord} onGone={onGone} />
      {view.data ? (
        <Told view={view.data} roleWord={roleWord} />
      ) : view.error ? (
        <FailedFace error={view.error} onRetry={() => view.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
    </>
  );
}

function Told({ view, roleWord }: { view: Seen; roleWord: string }) {
  const { t } = useLingui();
  const statusWord = useStatusWord();
  const kinds = [...new Set(view.sees.map((one) => one.kind ?? ""))].sort();
  const movesOf = new Map<string, RoleMove[]>();
  for (const move of view.moves) movesOf.set(move.kind, [...(movesOf.get(move.kind) ?? []), move]);
  const all = [...new Set([...kinds, ...movesOf.keys()])].sort();
  const count = (kind: string, status: string) =>
    view.sees
      .filter((one) => one.kind === kind && one.status === status)
      .reduce((sum, one) => sum + one.count, 0);
  return (
    <>
      <RoleGrants role={view.role} roleWord={roleWord} grants={view.grants} />
      <section className={layout.section} aria-labelledby="role-sees">
        <h2 id="role-sees" className={layout.band}>
          <Trans>What it sees now, and the transitions it may make</Trans>
        </h2>
        <table className={`${tables.table} ${tables.cards}`} aria-labelledby="role-sees">
          <thead>
            <tr>
              <th scope="col">{t`Type`}</th>
              {STATUSES.map((status) => (
                <th key={status} scope="col" className={tables.number}>
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
        <td key={one.word} className={tables.number} data-label={one.word}>
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
