import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { settleCheckSetting } from "~/api/generated/calls";
import type { CheckSettingChange } from "~/api/generated/model/check-setting-change";
import type { SettleCheckSettingVerdict } from "~/api/generated/model/settle-check-setting-verdict";
import { useNow } from "~/lib/clock";
import { useLatestWords } from "~/lib/latest-words";
import { wordFromName } from "~/lib/words";
import { FailedFace, useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./checks.module.css";
import { settingsOptions, useCheckChange } from "./checks-queries";
import { useSettingWords } from "./setting-words";

/** What waits for a second person, and what became of earlier changes: who asked, why, who decided. */
export function SettingChanges({ me }: { me: string | undefined }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const changes = useQuery(settingsOptions);
  const stateWord = useStateWord();
  const settle = useCheckChange(
    ({ id, verdict }: { id: number; verdict: SettleCheckSettingVerdict }) =>
      settleCheckSetting(id, { verdict }),
    (answer) => stateWord(answer),
  );
  if (changes.error) return <FailedFace error={changes.error} onRetry={() => changes.refetch()} />;
  const items = changes.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={layout.section} aria-labelledby="setting-changes">
      <h2 id="setting-changes" className={layout.band}>
        <Trans>Changes of settings</Trans>
      </h2>
      {settle.error ? (
        <p role="alert" className={styles.refused}>
          {explain(settle.error)}
        </p>
      ) : null}
      <table className={`${tables.table} ${tables.cards}`} aria-labelledby="setting-changes">
        <thead>
          <tr>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Asked for by`}</th>
            <th scope="col">{t`Reason`}</th>
            <th scope="col">{t`Decision`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <Change
              key={one.id}
              change={one}
              own={one.asked_by.id === me}
              busy={settle.isPending}
              onSay={(verdict) => settle.mutate({ id: one.id, verdict })}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

type ChangeProps = {
  change: CheckSettingChange;
  own: boolean;
  busy: boolean;
  onSay: (verdict: SettleCheckSettingVerdict) => void;
};

function Change({ change, own, busy, onSay }: ChangeProps) {
  const { t } = useLingui();
  const latest = useLatestWords();
  const now = useNow();
  const settingWords = useSettingWords();
  const stateWord = useStateWord();
  return (
    <tr>
      <td>
        <strong>{`${latest.kind(change.kind)}: ${wordFromName(change.check)}`}</strong>
        <p>{settingWords(change.setting) ?? t`as the kind says`}</p>
      </td>
      <td data-label={t`Asked for by`}>
        {change.asked_by.name}
        <p className={tables.muted}>
          <Moment at={change.asked_at} now={now} />
        </p>
      </td>
      <td data-label={t`Reason`}>{change.reason}</td>
      <td data-label={t`Decision`}>
        {change.state !== "open" ? (
          <>
            {stateWord(change)}
            <p className={tables.muted}>{change.settled_by?.name}</p>
          </>
        ) : own ? (
          <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onSay("withdraw")}>
            <Trans>Withdraw</Trans>
          </Button>
        ) : (
          <div className={styles.buttons}>
            <Button size="compact-sm" disabled={busy} onClick={() => onSay("approve")}>
              <Trans>Approve</Trans>
            </Button>
            <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onSay("decline")}>
              <Trans>Decline</Trans>
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}

function useStateWord(): (change: CheckSettingChange) => string {
  const { t } = useLingui();
  return ({ state }) => {
    switch (state) {
      case "open":
        return t`It waits for a second person`;
      case "made":
        return t`The change is made`;
      case "declined":
        return t`The change is declined`;
      case "withdrawn":
        return t`The change is withdrawn`;
    }
  };
}
