import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { eraseSignal, revealSignal } from "~/api/generated/calls";
import type { SignalDetail } from "~/api/generated/model/signal-detail";
import { useAnnounce } from "~/lib/announce";
import { useNow } from "~/lib/clock";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import { ReasonDialog } from "~/ui/reason-dialog";
import styles from "./signals.module.css";

/** What was sent: masked, all of it for a reason, or nothing any more. */
export function Payload({ signal }: { signal: SignalDetail }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState<"reveal" | "erase" | null>(null);
  // Kept by this page alone: looking elsewhere hides it again.
  const [revealed, setRevealed] = useState<string | null>(null);
  const close = () => setAsking(null);
  return (
    <section className={layout.section} aria-labelledby="payload">
      <h2 id="payload" className={layout.band}>
        <Trans>Payload</Trans>
      </h2>
      {signal.erased ? (
        <Erased erased={signal.erased} />
      ) : (
        <>
          {revealed === null ? <Masked count={signal.masked} /> : null}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: longer than the page: scrolled by keyboard too */}
          <section className={styles.scroller} tabIndex={0} aria-label={t`What was sent`}>
            <pre className={styles.payload}>{revealed ?? signal.payload}</pre>
          </section>
          <div className={styles.acts}>
            {signal.revealable && signal.masked > 0 && revealed === null ? (
              <Button size="compact-sm" variant="default" onClick={() => setAsking("reveal")}>
                <Trans>Reveal…</Trans>
              </Button>
            ) : null}
            {signal.may_erase ? (
              <Button size="compact-sm" variant="default" onClick={() => setAsking("erase")}>
                <Trans>Erase…</Trans>
              </Button>
            ) : null}
          </div>
        </>
      )}
      {asking === "reveal" ? (
        <RevealDialog
          signal={signal}
          onClose={close}
          onRevealed={(payload) => {
            setRevealed(payload);
            close();
          }}
        />
      ) : null}
      {asking === "erase" ? <EraseDialog signal={signal} onClose={close} /> : null}
    </section>
  );
}

function Masked({ count }: { count: number }) {
  return (
    <p className={styles.muted}>
      <Plural
        value={count}
        _0="Nothing is masked."
        one="One value is masked: only what the mapping reads is shown."
        other="# values are masked: only what the mapping reads is shown."
      />
    </p>
  );
}

function Erased({ erased }: { erased: NonNullable<SignalDetail["erased"]> }) {
  const now = useNow();
  return (
    <p className={styles.muted}>
      <Trans>
        Erased <Moment at={erased.at} now={now} />.
      </Trans>{" "}
      {erased.reason ?? <Trans>It was kept long enough.</Trans>}
    </p>
  );
}

type DialogProps = { signal: SignalDetail; onClose: () => void };

function RevealDialog({ signal, onClose, onRevealed }: DialogProps & { onRevealed: (text: string) => void }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const reveal = useMutation({
    mutationFn: (reason: string) => revealSignal(signal.source, signal.id, { reason }),
    onSuccess: ({ payload }) => {
      announce(t`All of the payload is shown until you leave this page`);
      onRevealed(payload);
    },
  });
  return (
    <ReasonDialog
      title={t`Reveal personal data`}
      lead={
        <Trans>
          You are shown all that was sent. That you looked, when and why, is kept in the audit log.
        </Trans>
      }
      act={t`Reveal`}
      failed={t`Nothing is shown`}
      pending={reveal.isPending}
      error={reveal.error}
      onClose={onClose}
      onReason={reveal.mutate}
    />
  );
}

function EraseDialog({ signal, onClose }: DialogProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const erase = useMutation({
    mutationFn: (reason: string) => eraseSignal(signal.source, signal.id, { reason }),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: ["signals"] });
      announce(t`The payload is erased`);
      onClose();
    },
  });
  return (
    <ReasonDialog
      title={t`Erase the payload`}
      lead={
        <Trans>
          What was sent is gone for good, and the signal can be replayed no more. What was read of it stays,
          and what became of it.
        </Trans>
      }
      act={t`Erase`}
      failed={t`Nothing has been changed`}
      pending={erase.isPending}
      error={erase.error}
      onClose={onClose}
      onReason={erase.mutate}
    />
  );
}
