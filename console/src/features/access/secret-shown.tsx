import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { CopyButton } from "~/ui/copy-button";
import { Dialog } from "~/ui/dialog";
import styles from "./access.module.css";

type Props = { title: string; told: string; secret: string; onClose: () => void };

/** A password or token, shown this once: it can't be left by accident, only by saying that it is kept. */
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

export function Refused({ told }: { told: string }) {
  const { t } = useLingui();
  return (
    <div role="alert" className={styles.refused}>
      <strong>{t`Nothing has been changed`}</strong>
      <p>{told}</p>
    </div>
  );
}
