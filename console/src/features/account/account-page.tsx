import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { useRefusedWords } from "~/ui/refused-words";
import styles from "./account.module.css";
import { accountOptions } from "./account-query";
import { Authenticator } from "./authenticator";
import { LinkedProviders } from "./linked-providers";
import { OwnSessions } from "./own-sessions";
import { PasswordForm } from "./password-form";
import { StandIns } from "./stand-ins";

type Props = {
  /** Why a provider was not linked. */
  refused: string | undefined;
  /** A role of the reader's asks for an authenticator, and nothing else is answered before there is one. */
  lacksFactor: boolean;
  madePassword: boolean;
};

/** How the reader signs in, who stands in for them, and where they are signed in. */
export function AccountPage({ refused, lacksFactor, madePassword }: Props) {
  const { t } = useLingui();
  const refusedWords = useRefusedWords();
  const { data: account, error, isPending, refetch } = useQuery(accountOptions);
  const waiting = useWaitedLong(isPending);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`My account`} · Viertakt`}</title>
      <h1 className={layout.heading}>
        <Trans>My account</Trans>
      </h1>
      {refused ? (
        <p role="alert" className={styles.refused}>
          {refusedWords(refused)}
        </p>
      ) : null}
      {madePassword ? (
        <p role="alert" className={styles.refused}>
          <Trans>Your password was made up for you: choose your own here, and everything else opens.</Trans>
        </p>
      ) : null}
      {lacksFactor ? (
        <p role="alert" className={styles.refused}>
          <Trans>One of your roles asks for an authenticator: add one here, and everything else opens.</Trans>
        </p>
      ) : null}
      {account ? (
        <>
          <Authenticator account={account} />
          <PasswordForm account={account} />
          <LinkedProviders account={account} />
          <StandIns />
          <OwnSessions />
        </>
      ) : error ? (
        <FailedFace error={error} onRetry={refetch} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
    </main>
  );
}
