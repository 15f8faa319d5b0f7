import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useCopy } from "~/lib/copy";
import layout from "~/ui/layout.module.css";
import styles from "./account.module.css";

/** Ten codes, shown this once, until the reader says that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useLingui();
  const copy = useCopy();
  const heading = useRef<HTMLHeadingElement>(null);
  // What was pressed is gone, and this is what there is to read now.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h3 ref={heading} tabIndex={-1} className={layout.band}>
        <Trans>Your recovery codes</Trans>
      </h3>
      <p className={styles.explained}>
        <Trans>
          Each opens once in place of the app, for the day your phone is gone. Keep them somewhere safe: they
          are not shown again.
        </Trans>
      </p>
      <ul className={styles.codes} aria-label={t`Your recovery codes`}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.row}>
        <Button onClick={onKept}>
          <Trans>I have kept them</Trans>
        </Button>
        <Button variant="default" onClick={() => copy(codes.join("\n"))}>
          <Trans>Copy them</Trans>
        </Button>
      </div>
    </>
  );
}
