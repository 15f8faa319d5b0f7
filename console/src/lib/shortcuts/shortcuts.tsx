import { createContext, type ReactNode, useContext, useLayoutEffect, useRef, useState } from "react";
import { usePreferences } from "~/lib/preferences";
import { Bindings } from "./bindings";
import type { ShortcutName } from "./registry";

const BindingsContext = createContext<Bindings | null>(null);

/** Listens to the keyboard once for the whole console. */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const { singleKeys } = usePreferences();
  const [bindings] = useState(() => new Bindings());
  // Before it is painted, here and below: a key pressed the moment something is seen would be nobody's.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isElsewhere(event)) return;
      if (bindings.press(event, singleKeys)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [bindings, singleKeys]);
  return <BindingsContext value={bindings}>{children}</BindingsContext>;
}

export function useBindings(): Bindings {
  const bindings = useContext(BindingsContext);
  if (!bindings) throw new Error("useBindings stands outside its provider");
  return bindings;
}

/** Says what this part of the page can do while it is there: `useShortcuts({ nextRow: () => … })`. */
export function useShortcuts(acts: Partial<Record<ShortcutName, () => void>>): void {
  const bindings = useBindings();
  const latest = useRef(acts);
  latest.current = acts;
  const names = (Object.keys(acts) as ShortcutName[]).filter((name) => acts[name]).join(" ");
  useLayoutEffect(() => {
    if (!names) return;
    const stops = (names.split(" ") as ShortcutName[]).map((name) =>
      bindings.bind(name, { current: () => latest.current[name]?.() }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }, [bindings, names]);
}

/** Whether the key belongs to a field, a menu or a dialog. What has a modifier works from a field too. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (document.querySelector("[aria-modal=true]")) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (!target) return false;
  if (target.closest("[role=dialog], [role=menu], [role=listbox]")) return true;
  const typing = target.closest("input, textarea, select, [contenteditable]") !== null;
  return typing && !event.ctrlKey && !event.metaKey;
}
