import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { onReachable } from "~/api/http";

/** Whether the server can be reached, as the browser and the latest request tell it. */
export function useOnline(): boolean {
  const [connected, setConnected] = useState(() => navigator.onLine);
  const [reachable, setReachable] = useState(true);
  useEffect(() => {
    const update = () => setConnected(navigator.onLine);
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    const stop = onReachable(setReachable);
    return () => {
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
      stop();
    };
  }, []);
  return connected && reachable;
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
