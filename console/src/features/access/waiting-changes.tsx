import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { settleAccessRequest } from "~/api/generated/calls";
import type { AccessRequest } from "~/api/generated/model/access-request";
import type { Verdict } from "~/api/generated/model/verdict";
import { useNow } from "~/lib/clock";
import { wordFromName } from "~/lib/words";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import { Refused } from "~/ui/refused";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import {
  peopleOptions,
  rolesOptions,
  tokensOptions,
  useActWord,
  useChange,
  useRoleWord,
  waitingChangesOptions,
} from "./access-queries";
import { useSortWord } from "./sort-word";

/** Changes of access that wait for a second person; nothing where none do. */
export function WaitingChanges({ me }: { me: string | undefined }) {
  const { t } = useLingui();
  const now = useNow();
  const explain = useProblemWords();
  const waiting = useQuery(waitingChangesOptions);
  const sortWord = useSortWord();
  const settle = useChange(
    ({ id, verdict }: { id: number; verdict: Verdict }) => settleAccessRequest(id, { verdict }),
    (answer) =>
      answer.state === "made"
        ? t`The change is made`
        : answer.state === "declined"
          ? t`The change is declined`
          : t`The change is withdrawn`,
  );
  const items = waiting.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={layout.section} aria-labelledby="changes-wait">
      <h2 id="changes-wait" className={layout.band}>
        <Trans>Changes that wait for a second person</Trans>
      </h2>
      {settle.error ? <Refused told={explain(settle.error)} /> : null}
      <table className={`${tables.table} ${tables.cards}`} aria-labelledby="changes-wait">
        <thead>
          <tr>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Asked for by`}</th>
            <th scope="col">{t`Reason`}</th>
            <th scope="col">{t`Your decision`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td>
                <strong>{sortWord(one.sort)}</strong>
                <p>
                  <Told request={one} />
                </p>
              </td>
              <td data-label={t`Asked for by`}>
                {one.asked_by.name}
                <p className={styles.muted}>
                  <Moment at={one.asked_at} now={now} />
                </p>
              </td>
              <td data-label={t`Reason`}>{one.reason ?? "–"}</td>
              <td>
                <Verdicts
                  own={one.asked_by.id === me}
                  busy={settle.isPending}
                  onSay={(verdict) => settle.mutate({ id: one.id, verdict })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type VerdictProps = { own: boolean; busy: boolean; onSay: (verdict: Verdict) => void };

function Verdicts({ own, busy, onSay }: VerdictProps) {
  return (
    <div className={styles.buttons}>
      {own ? (
        <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onSay("withdraw")}>
          <Trans>Withdraw</Trans>
        </Button>
      ) : (
        <>
          <Button size="compact-sm" disabled={busy} onClick={() => onSay("approve")}>
            <Trans>Approve</Trans>
          </Button>
          <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onSay("decline")}>
            <Trans>Decline</Trans>
          </Button>
        </>
      )}
    </div>
  );
}

/** The change in words: whose roles, or which grant. */
function Told({ request }: { request: AccessRequest }) {
  const { t } = useLingui();
  const roles = useQuery(rolesOptions);
  const people = useQuery(peopleOptions);
  const tokens = useQuery(tokensOptions);
  const roleWord = useRoleWord(roles.data?.items);
  const actWord = useActWord();
  const named = (id: string) =>
    [...(people.data?.items ?? []), ...(tokens.data?.items ?? [])].find((one) => one.id === id)?.name ?? id;
  const { grant, revoke, about } = request;
  if (revoke !== null && !grant) return t`grant ${revoke}`;
  if (about !== null)
    return request.roles === null
      ? named(about)
      : `${named(about)}: ${request.roles.map(roleWord).join(", ") || t`none`}`;
  if (!grant) return null;
  const limits = [
    ...grant.kinds.map(wordFromName),
    grant.where,
    ...grant.amount_max.map((money) => `${money.value} ${money.currency}`),
  ];
  const whose = grant.token ? named(grant.token) : roleWord(grant.role ?? "");
  const told = `${whose}: ${grant.may.map(actWord).join(", ")} ${limits.filter(Boolean).join(" · ")}`;
  return revoke === null ? told : t`${told}, in place of grant ${revoke}`;
}
