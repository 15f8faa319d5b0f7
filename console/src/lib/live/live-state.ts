import { useSyncExternalStore } from "react";

/**
 * How fresh what stands on the page is. `live`: told as it happens. `asking`: asked for every ten seconds. `paused`: held
 * still, by the reader or because nobody looks. `disconnected`: the server tells nothing more, and is tried again.
 */
export type LiveState = "live" | "asking" | "paused" | "disconnected";

let state: LiveState = "asking";
let held = false;
const listeners = new Set<() => void>();

export function tellLive(next: LiveState): void {
  if (next === state) return;
  state = next;
  tell();
}

/** Holds the page still, or lets it go on. */
export function hold(next: boolean): void {
  held = next;
  tell();
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(subscribe, () => state);
}

export function useHeld(): boolean {
  return useSyncExternalStore(subscribe, () => held);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
