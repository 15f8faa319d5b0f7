import { Trans } from "@lingui/react/macro";
import { Mark } from "~/ui/mark";
import styles from "./sign-in.module.css";
import { SignInForm } from "./sign-in-form";

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
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
        <SignInForm onSignedIn={onSignedIn} />
      </div>
    </main>
  );
}
