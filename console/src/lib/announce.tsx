import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import styles from "./announce.module.css";

const AnnounceContext = createContext<(text: string) => void>(() => undefined);

const SHOWN_FOR = 6_000;

/** One polite live region for the whole console, shown as a strip at the foot as well: seen and heard are the same. */
export function AnnounceProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ text: string; nth: number } | null>(null);
  const announce = useCallback((text: string) => {
    setSaid((before) => ({ text, nth: (before?.nth ?? 0) + 1 }));
  }, []);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div role="status" aria-live="polite" className={styles.region}>
        {said ? (
          <p key={said.nth} className={styles.said}>
            {said.text}
          </p>
        ) : null}
      </div>
    </AnnounceContext>
  );
}

export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}
