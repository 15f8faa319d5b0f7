import { useLingui } from "@lingui/react/macro";
import { hold, useHeld, useLiveState } from "~/lib/live/live-state";
import styles from "./live-dot.module.css";
import { useOnline } from "./offline-banner";

/** How fresh the page is; a press holds it still, another lets it go on. */
export function LiveDot() {
  const { t } = useLingui();
  const online = useOnline();
  const held = useHeld();
  const state = useLiveState();
  const shown = !online ? "disconnected" : held ? "paused" : state;
  const words = {
    live: t`live`,
    asking: t`every 10 s`,
    paused: t`paused`,
    disconnected: t`disconnected`,
  };
  return (
    <button
      type="button"
      className={styles.live}
      data-state={shown}
      aria-pressed={held}
      aria-label={t`Live: ${words[shown]}`}
      title={held ? t`Let the list go on` : t`Hold the list still`}
      onClick={() => hold(!held)}
    >
      <i aria-hidden="true" />
      <span className={styles.word}>{words[shown]}</span>
    </button>
  );
}
