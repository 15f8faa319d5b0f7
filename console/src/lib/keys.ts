import { useEffect, useRef } from "react";
import { usePreferences } from "./preferences";

/** Calls `act` on a single key, unless somebody is typing, a dialog is open, or single keys are switched off. */
export function useSingleKeys(actions: Record<string, () => void>): void {
  const { singleKeys } = usePreferences();
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    if (!singleKeys) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("[aria-modal=true]")) return;
      const act = latest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [singleKeys]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}
