import { i18n } from "@lingui/core";
import { I18nProvider, useLingui } from "@lingui/react";
import { type ReactNode, useEffect, useState } from "react";
import type { Language } from "~/lib/words";
import { usePreferences } from "./preferences";

const CATALOGS: Record<Language, () => Promise<{ messages: Parameters<typeof i18n.load>[1] }>> = {
  en: () => import("../locales/en.po"),
  nl: () => import("../locales/nl.po"),
};

export function asLanguage(text: string | null | undefined): Language | null {
  const short = text?.slice(0, 2).toLowerCase();
  return short === "nl" || short === "en" ? short : null;
}

/** Shows its children once the chosen language is loaded; a change keeps the old words until the new ones are there. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const { language } = usePreferences();
  const wanted = language ?? asLanguage(navigator.language) ?? "en";
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    let current = true;
    CATALOGS[wanted]().then(({ messages }) => {
      if (!current) return;
      i18n.loadAndActivate({ locale: wanted, messages: messages as never });
      document.documentElement.lang = wanted;
      setLoaded(true);
    });
    return () => {
      current = false;
    };
  }, [wanted]);
  return loaded ? <I18nProvider i18n={i18n}>{children}</I18nProvider> : null;
}

export function useLanguage(): Language {
  return asLanguage(useLingui().i18n.locale) ?? "en";
}
