import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckTarget } from "~/api/generated/model/check-target";
import type { DeclaredCheck } from "~/api/generated/model/declared-check";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLatestWords } from "~/lib/latest-words";
import { wordFromName } from "~/lib/words";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./checks.module.css";
import { checksOptions } from "./checks-queries";
import { SettingChanges } from "./setting-changes";
import { SettingDialog } from "./setting-dialog";
import { useSettingWords } from "./setting-words";

/** The checks of all kinds, and what two persons have set for them. */
export function ChecksPage({ me }: { me: string | undefined }) {
  const { t } = useLingui();
  const checks = useQuery(checksOptions);
  const waiting = useWaitedLong(checks.isPending);
  const [setting, setSetting] = useState<DeclaredCheck | null>(null);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Checks`} · Viertakt`}</title>
      <h1 className={styles.heading}>
        <Trans>Checks</Trans>
      </h1>
      <p className={styles.lead}>
        <Trans>
          What operations are examined by as they enter a stage. Bounds and block lists are changed by two
          people, without a new version of the kind.
        </Trans>
      </p>
      <SettingChanges me={me} />
      {checks.data ? (
        <>
          <Targets items={checks.data.targets} />
          {checks.data.items.length > 0 ? (
            <ChecksTable items={checks.data.items} onSet={setSetting} />
          ) : (
            <Face title={t`No kind has a check`} />
          )}
        </>
      ) : checks.error ? (
        <FailedFace error={checks.error} onRetry={() => checks.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
      {setting ? <SettingDialog check={setting} onClose={() => setSetting(null)} /> : null}
    </main>
  );
}

type TableProps = { items: readonly DeclaredCheck[]; onSet: (check: DeclaredCheck) => void };

function ChecksTable({ items, onSet }: TableProps) {
  const { t } = useLingui();
  const words = useLatestWords();
  const settingWords = useSettingWords();
  return (
    <section className={layout.section} aria-labelledby="all-checks">
      <h2 id="all-checks" className={layout.band}>
        <Trans>All checks</Trans>
      </h2>
      <table className={`${tables.table} ${tables.cards}`} aria-labelledby="all-checks">
        <thead>
          <tr>
            <th scope="col">{t`Check`}</th>
            <th scope="col">{t`It asks`}</th>
            <th scope="col">{t`Otherwise`}</th>
            <th scope="col">{t`Set here`}</th>
            <th scope="col">{t`Change`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => {
            const name = `${words.kind(one.kind)}: ${wordFromName(one.check)}`;
            return (
              <tr key={`${one.kind}.${one.check}`}>
                <td>
                  <strong>{wordFromName(one.check)}</strong>
                  <p className={tables.muted}>
                    {[words.kind(one.kind), ...one.stages.map((stage) => words.stage(one.kind, stage))].join(
                      " · ",
                    )}
                  </p>
                </td>
                <td data-label={t`It asks`}>
                  <code className={styles.asks}>{one.asks}</code>
                  {one.at_most === null ? null : <p className={tables.muted}>{t`at most ${one.at_most}`}</p>}
                </td>
                <td data-label={t`Otherwise`}>
                  {one.otherwise === "reject" ? t`not passed` : t`to be reviewed`}
                </td>
                <td data-label={t`Set here`}>{settingWords(one.setting) ?? "–"}</td>
                <td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t`Set ${name}`}
                    onClick={() => onSet(one)}
                  >
                    <Trans>Set…</Trans>
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Whom asking has failed lately; nothing where all answer. */
function Targets({ items }: { items: readonly CheckTarget[] }) {
  const { t } = useLingui();
  const now = useNow();
  if (items.length === 0) return null;
  return (
    <section className={layout.section} aria-labelledby="check-targets">
      <h2 id="check-targets" className={layout.band}>
        <Trans>Who does not answer</Trans>
      </h2>
      <ul className={styles.targets}>
        {items.map((one) => (
          <li key={one.target}>
            <code className={styles.asks}>{one.target}</code>{" "}
            <span className={tables.muted}>
              {t`failures in a row: ${one.failures}`}
              {one.said ? ` · ${wordFromName(one.said)}` : ""}
              {one.rests_until ? (
                <>
                  {" · "}
                  <Trans>asked again</Trans> <Moment at={one.rests_until} now={now} />
                </>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
