import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { CopyButton } from "~/ui/copy-button";
import { Dialog } from "~/ui/dialog";
import styles from "./webhooks.module.css";

/** A secret, shown this once: it can't be left by accident. */
export function SecretDialog({
  name,
  secret,
  onClose,
}: {
  name: string;
  secret: string;
  onClose: () => void;
}) {
  const { t } = useLingui();
  return (
    <Dialog title={t`Secret of ${name}`} size={560}>
      <div className={styles.form}>
        <p>
          <Trans>Copy it now: it is shown this once. The receiver verifies each delivery with it.</Trans>
        </p>
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
