import { useLingui } from "@lingui/react/macro";
import styles from "./refused.module.css";

/** Why a change was not made. */
export function Refused({ told }: { told: string }) {
  const { t } = useLingui();
  return (
    <div role="alert" className={styles.refused}>
      <strong>{t`Nothing has been changed`}</strong>
      <p>{told}</p>
    </div>
  );
}
