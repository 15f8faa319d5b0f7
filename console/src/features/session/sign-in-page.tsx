import { Trans } from "@lingui/react/macro";
import { Mark } from "~/ui/mark";
import { useRefusedWords } from "~/ui/refused-words";
import { ProviderButtons } from "./provider-buttons";
import styles from "./sign-in.module.css";
import { SignInForm } from "./sign-in-form";

type Props = {
  /** The page to go on to, and why a provider's answer opened nothing. */
  to: string | undefined;
  refused: string | undefined;
  onSignedIn: () => void;
};

export function SignInPage({ to, refused, onSignedIn }: Props) {
  const refusedWords = useRefusedWords();
  return (
    <main className={styles.page}>
      <title>Viertakt</title>
      <div className={styles.panel}>
        <div className={styles.brand}>
          <Mark size={28} />
          <span>Viertakt</span>
        </div>
        <h1 className={styles.heading}>
          <Trans>Sign in</Trans>
        </h1>
        {refused ? (
          <p role="alert" className={styles.refused} style={{ marginBlockEnd: 16 }}>
            {refusedWords(refused)}
          </p>
        ) : null}
        <SignInForm onSignedIn={onSignedIn} />
        <ProviderButtons to={to} />
      </div>
    </main>
  );
}
