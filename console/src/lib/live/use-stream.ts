import { useEffect, useRef, useSyncExternalStore } from "react";
import type { StreamedEntry } from "~/api/generated/model/streamed-entry";
import { zone } from "~/lib/clock";
import { type LiveState, tellLive, useHeld } from "./live-state";

// What comes within this time is shown together: a thousand moves a second are two drawings a second.
const GATHERED_FOR = 500;
const TRIED_AGAIN_AFTER = 5_000;

// After a longer pause the list is asked for as it stands: the journal of an hour is no news.
const RESUMED_WITHIN = 120_000;

type Place = { current: { q: string; cursor: string; at: number } | null };
type Told = (entries: readonly StreamedEntry[]) => void;

/**
 * Hears of every entry that the filter finds, or found before it, while somebody looks. Where the server does not stream
 * this filter (one about history, say) it hears nothing, and the page goes on asking.
 */
export function useStream(q: string, enabled: boolean, onEntries: Told): LiveState {
  const seen = useSyncExternalStore(onVisibility, isVisible);
  const held = useHeld();
  const state = useRef<LiveState>("asking");
  const latest = useRef(onEntries);
  latest.current = onEntries;
  const place: Place = useRef(null);
  const listening = enabled && seen && !held;

  useEffect(() => {
    const tellState = (next: LiveState) => {
      state.current = next;
      tellLive(next);
    };
    if (!listening) {
      tellState(held || !seen ? "paused" : "asking");
      return;
    }
    return listen(q, place, tellState, (entries) => latest.current(entries));
  }, [q, listening, held, seen]);
  useEffect(() => () => tellLive("asking"), []);
  return state.current;
}

/** Listens until it is told to stop; what the reader missed in a broken connection comes afterwards. */
function listen(q: string, place: Place, tellState: (state: LiveState) => void, told: Told): () => void {
  let source: EventSource | null = null;
  let gathered: StreamedEntry[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let everOpen = false;

  const flush = () => {
    timer = undefined;
    const entries = gathered;
    gathered = [];
    if (entries.length > 0) told(entries);
  };
  const open = () => {
    const known = place.current?.q === q && Date.now() - place.current.at < RESUMED_WITHIN;
    const after = known ? place.current?.cursor : undefined;
    const params = new URLSearchParams({ zone: zone(), ...(q ? { q } : {}), ...(after ? { after } : {}) });
    source = new EventSource(`/v1/stream?${params}`);
    source.onopen = () => {
      everOpen = true;
      tellState("live");
    };
    source.onerror = () => {
      // The browser tries again by itself, unless the server refused: then there is no stream of this filter,
      // or the session ended, and the page's own questions find out which.
      const refused = source?.readyState === EventSource.CLOSED;
      tellState(refused && !everOpen ? "asking" : "disconnected");
      if (!refused || !everOpen) return;
      source?.close();
      again = setTimeout(open, TRIED_AGAIN_AFTER);
    };
    source.addEventListener("place", (event) => keep(event));
    source.addEventListener("entry", (event) => {
      keep(event);
      gathered.push(JSON.parse(event.data) as StreamedEntry);
      timer ??= setTimeout(flush, GATHERED_FOR);
    });
  };
  const keep = (event: MessageEvent) => {
    if (event.lastEventId) place.current = { q, cursor: event.lastEventId, at: Date.now() };
  };
  open();
  return () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(again);
    flush();
  };
}

function isVisible(): boolean {
  return document.visibilityState !== "hidden";
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
