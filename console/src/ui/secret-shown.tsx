import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";
import styles from "./secret-shown.module.css";

type Props = { title: string; told: string; secret: string; onClose: () => void };

/** A password, token or secret, shown this once: it can't be left by accident, only by saying that it is kept. */
export function SecretShown({ title, told, secret, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Dialog title={title} size={520}>
      <div className={styles.form}>
        <p>{told}</p>
        <p className={styles.secret}>
          <code>{secret}</code>
          <CopyButton value={secret} label={t`Copy`} />
        </p>
        <div className={styles.foot}>
          <Button data-autofocus onClick={onClose}>
            <Trans>I have kept it</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
