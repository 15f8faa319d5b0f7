import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import styles from "./announce.module.css";

/** What can be done about what was said, as to undo it. */
type Act = { label: string; onAct: () => void };
type Announce = (text: string, act?: Act) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

const SHOWN_FOR = 6_000;
// Where something can be done about it, a hand needs time to get there.
const ACT_SHOWN_FOR = 12_000;

/** One polite live region for the whole console, shown as a strip at the foot as well: seen and heard are the same. */
export function AnnounceProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ text: string; act: Act | undefined; nth: number } | null>(null);
  const announce = useCallback<Announce>((text, act) => {
    setSaid((before) => ({ text, act, nth: (before?.nth ?? 0) + 1 }));
  }, []);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), said.act ? ACT_SHOWN_FOR : SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div role="status" aria-live="polite" className={styles.region}>
        {said ? (
          <p key={said.nth} className={styles.said}>
            {said.text}
            {said.act ? (
              <button type="button" className={styles.act} onClick={said.act.onAct}>
                {said.act.label}
              </button>
            ) : null}
          </p>
        ) : null}
      </div>
    </AnnounceContext>
  );
}

export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
