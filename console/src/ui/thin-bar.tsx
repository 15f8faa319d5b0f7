import { useLingui } from "@lingui/react/macro";
import styles from "./thin-bar.module.css";

/** What stands below is being renewed: it stays readable meanwhile. */
export function ThinBar({ shown }: { shown: boolean }) {
  const { t } = useLingui();
  return (
    <div className={styles.holder}>
      {shown ? <div className={styles.bar} role="progressbar" aria-label={t`Loading`} /> : null}
    </div>
  );
}
