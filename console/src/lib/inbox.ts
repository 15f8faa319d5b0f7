import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { listNotices } from "~/api/generated/calls";
import type { NoticeBadge } from "~/api/generated/model/notice-badge";
import { sessionOptions } from "./session";

export const INBOX = ["notices"] as const;
const BADGE = [...INBOX, "badge"] as const;

const TRIED_AGAIN_AFTER = 5_000;
// Where nothing is told, as behind a proxy that holds streams back.
const ASKED_EVERY = 60_000;

/** How much is unread; told as it changes, in every tab alike. */
export const badgeOptions = queryOptions({
  queryKey: BADGE,
  queryFn: async ({ signal }) => (await listNotices({ limit: 1 }, { signal })).badge,
  refetchInterval: ASKED_EVERY,
  refetchIntervalInBackground: false,
});

/** Keeps badge and inbox right in this tab while the reader is signed in. */
export function useInboxLive(): void {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionOptions);
  const reader = session?.actor.id;
  useEffect(() => {
    if (!reader) return;
    return followBadge(reader, (badge) => {
      queryClient.setQueryData(BADGE, badge);
      queryClient.invalidateQueries({ queryKey: [...INBOX, "list"] });
    });
  }, [queryClient, reader]);
}

/**
 * Hears of every change. Of all tabs one listens to the server and tells the others: a browser keeps six connections to a
 * server, and a stream in each tab would use them up.
 */
function followBadge(reader: string, told: (badge: NoticeBadge) => void): () => void {
  const name = `viertakt-inbox-${reader}`;
  const others = new BroadcastChannel(name);
  others.onmessage = (event: MessageEvent<NoticeBadge>) => told(event.data);
  const tell = (badge: NoticeBadge) => {
    others.postMessage(badge);
    told(badge);
  };
  const stopping = new AbortController();
  // Only on secure pages there are locks; without them each tab listens for itself.
  if (navigator.locks) {
    navigator.locks
      .request(name, { signal: stopping.signal }, () => listen(tell, stopping.signal))
      .catch(() => undefined);
  } else {
    listen(told, stopping.signal);
  }
  return () => {
    stopping.abort();
    others.close();
  };
}

/** Listens until it is told to stop. */
function listen(told: (badge: NoticeBadge) => void, stop: AbortSignal): Promise<void> {
  return new Promise((stopped) => {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource("/v1/notices/stream");
      source.addEventListener("badge", (event) => told(JSON.parse(event.data) as NoticeBadge));
      source.onerror = () => {
        // The browser tries again by itself, unless the server refused.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, TRIED_AGAIN_AFTER);
      };
    };
    stop.addEventListener("abort", () => {
      source?.close();
      clearTimeout(again);
      stopped();
    });
    if (!stop.aborted) open();
  });
}
