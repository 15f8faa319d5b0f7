import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { revokeToken } from "~/api/generated/calls";
import type { IssuedToken } from "~/api/generated/model/issued-token";
import type { Token } from "~/api/generated/model/token";
import { useNow, useWaitedLong } from "~/lib/clock";
import { Dialog } from "~/ui/dialog";
import { Face, FailedFace, useProblemWords } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { Refused } from "~/ui/refused";
import { SecretShown } from "~/ui/secret-shown";
import tables from "~/ui/table.module.css";
import styles from "./access.module.css";
import {
  rolesOptions,
  tokensOptions,
  useActWord,
  useChange,
  useLimitWords,
  useRoleWord,
} from "./access-queries";
import { IssueTokenDialog } from "./issue-token-dialog";

/** The keys of programs: what each may, until when, and when it was last used. */
export function TokensPage() {
  const { t } = useLingui();
  const tokens = useQuery(tokensOptions);
  const roles = useQuery(rolesOptions);
  const waiting = useWaitedLong(tokens.isPending);
  const [issuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<IssuedToken | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Tokens`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Tokens</Trans>
        </h1>
        <Button onClick={() => setIssuing(true)}>
          <Trans>Issue a token</Trans>
        </Button>
      </div>
      {tokens.data ? (
        tokens.data.items.length > 0 ? (
          <TokensTable items={tokens.data.items} onRevoke={setRevoking} />
        ) : (
          <Face title={t`No tokens yet`}>
            <p>
              <Trans>A token is the key with which a program opens and moves operations.</Trans>
            </p>
          </Face>
        )
      ) : tokens.error ? (
        <FailedFace error={tokens.error} onRetry={() => tokens.refetch()} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
      {issuing ? (
        <IssueTokenDialog
          roles={roles.data?.items ?? []}
          onClose={() => setIssuing(false)}
          onIssued={(answer) => {
            setIssuing(false);
            setIssued(answer);
          }}
        />
      ) : null}
      {issued ? (
        <SecretShown
          title={t`Token for ${issued.name}`}
          told={t`Copy it now: it is shown this once, and only a hash of it is kept.`}
          secret={issued.token}
          onClose={() => setIssued(null)}
        />
      ) : null}
      {revoking ? <RevokeDialog token={revoking} onClose={() => setRevoking(null)} /> : null}
    </main>
  );
}

type TableProps = { items: readonly Token[]; onRevoke: (token: Token) => void };

function TokensTable({ items, onRevoke }: TableProps) {
  const { t } = useLingui();
  const now = useNow();
  const roles = useQuery(rolesOptions);
  const roleWord = useRoleWord(roles.data?.items);
  const actWord = useActWord();
  const limitWords = useLimitWords();
  return (
    <table className={`${tables.table} ${tables.cards}`} aria-label={t`Tokens`}>
      <thead>
        <tr>
          <th scope="col">{t`Name`}</th>
          <th scope="col">{t`May`}</th>
          <th scope="col">{t`Issued`}</th>
          <th scope="col">{t`Ends`}</th>
          <th scope="col">{t`Last used`}</th>
          <th scope="col">{t`Actions`}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => {
          const over = one.expires_at !== null && Date.parse(one.expires_at) <= now;
          return (
            <tr key={one.id} data-gone={one.revoked_at || over ? "" : undefined}>
              <td>
                <strong>{one.name}</strong>
                <p className={styles.muted}>
                  <code>vt_{one.hint}</code>
                </p>
              </td>
              <td data-label={t`May`}>
                {one.roles.length > 0 ? <p>{one.roles.map(roleWord).join(", ")}</p> : null}
                {one.grants.map((grant) => (
                  <p key={grant.id}>
                    {grant.may.map(actWord).join(", ")}
                    <span className={styles.muted}> {limitWords(grant)}</span>
                  </p>
                ))}
              </td>
              <td data-label={t`Issued`}>
                <Moment at={one.created_at} now={now} />
                {one.issued_by ? <p className={styles.muted}>{one.issued_by.name}</p> : null}
              </td>
              <td data-label={t`Ends`}>
                {one.revoked_at ? (
                  <>
                    {t`Revoked`} <Moment at={one.revoked_at} now={now} />
                  </>
                ) : one.expires_at ? (
                  <Moment at={one.expires_at} now={now} />
                ) : (
                  t`never`
                )}
              </td>
              <td data-label={t`Last used`}>
                {one.last_used_at ? <Moment at={one.last_used_at} now={now} /> : t`never`}
              </td>
              <td>
                {one.revoked_at ? null : (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t`Revoke ${one.name}`}
                    onClick={() => onRevoke(one)}
                  >
                    <Trans>Revoke</Trans>
                  </Button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const revoke = useChange(
    () => revokeToken(encodeURIComponent(token.id)),
    () => t`${token.name} is revoked`,
    onClose,
  );
  return (
    <Dialog title={t`Revoke ${token.name}`} size={480} onClose={onClose}>
      <div className={styles.form}>
        <p>
          <Trans>
            Whoever calls with this token is refused from now on, for good. Its history keeps its name.
          </Trans>
        </p>
        {revoke.error ? <Refused told={explain(revoke.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button data-autofocus loading={revoke.isPending} onClick={() => revoke.mutate(undefined)}>
            <Trans>Revoke</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
