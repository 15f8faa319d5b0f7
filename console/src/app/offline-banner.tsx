import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";

export function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    return () => {
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
    };
  }, []);
  return online;
}

export function OfflineBanner({ online }: { online: boolean }) {
  if (online) return null;
  return (
    <p
      role="status"
      style={{
        padding: "8px var(--v-gutter)",
        borderBlockEnd: "1px solid var(--v-line)",
        background: "var(--v-selected)",
        fontWeight: 600,
      }}
    >
      <Trans>No connection. What you see may be old; nothing can be changed until it is back.</Trans>
    </p>
  );
}
