import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { Language } from "~/lib/words";

export type Density = "compact" | "normal" | "wide";

export type Preferences = {
  /** Null until somebody chooses: then the person's or the browser's language counts. */
  language: Language | null;
  density: Density;
  railFolded: boolean;
  /** Single keys can be switched off (WCAG 2.1.4): speech input types them by accident. */
  singleKeys: boolean;
  /** The list's columns in their order; null for the usual ones. */
  columns: readonly string[] | null;
  /** Whether the facets stand beside the list. */
  facets: boolean;
};

type PreferencesStore = Preferences & { prefer: (changes: Partial<Preferences>) => void };

const DEFAULTS: Preferences = {
  language: null,
  density: "normal",
  railFolded: false,
  singleKeys: true,
  columns: null,
  facets: false,
};

const PreferencesContext = createContext<PreferencesStore | null>(null);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(readPreferences);
  const prefer = useCallback((changes: Partial<Preferences>) => {
    setPreferences((before) => {
      const after = { ...before, ...changes };
      writePreferences(after);
      return after;
    });
  }, []);
  useEffect(() => {
    document.documentElement.dataset.density = preferences.density;
  }, [preferences.density]);
  const store = useMemo(() => ({ ...preferences, prefer }), [preferences, prefer]);
  return <PreferencesContext value={store}>{children}</PreferencesContext>;
}

export function usePreferences(): PreferencesStore {
  const store = useContext(PreferencesContext);
  if (!store) throw new Error("usePreferences stands outside its provider");
  return store;
}

function readPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem("viertakt.preferences") ?? "{}") as Partial<Preferences>;
    return { ...DEFAULTS, ...kept };
  } catch {
    return DEFAULTS; // storage blocked or damaged
  }
}

function writePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem("viertakt.preferences", JSON.stringify(preferences));
    // Read by scheme.js before the first paint.
    if (preferences.language) localStorage.setItem("viertakt.language", preferences.language);
  } catch {
    // storage blocked: the choice lasts as long as the page
  }
}
