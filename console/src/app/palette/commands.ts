import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { useSyncExternalStore } from "react";
import { useKeysText } from "~/lib/shortcuts/keys";
import { type ShortcutName, shortcutOf } from "~/lib/shortcuts/registry";
import { useBindings } from "~/lib/shortcuts/shortcuts";

export type Command = { name: ShortcutName; label: string; keys: string };

/** What can be done on this page and is called like this, in either language. */
export function useCommands(sought: string): Command[] {
  const { i18n } = useLingui();
  const bindings = useBindings();
  const keysText = useKeysText();
  const bound = useSyncExternalStore(bindings.subscribe, bindings.bound);
  return bound
    .filter((name) => !shortcutOf(name).keyOnly)
    .map((name) => ({ name, label: i18n._(shortcutOf(name).label), keys: keysText(name) }))
    .filter(({ name }) => isCalled(wordsOf(i18n, name), sought));
}

/** Whether every word of what is sought begins one of the words of a name. */
export function isCalled(name: string, sought: string): boolean {
  const called = plain(name).split(/[\s:,/]+/);
  return plain(sought)
    .split(/\s+/)
    .every((word) => called.some((one) => one.startsWith(word)));
}

function wordsOf(i18n: I18n, name: ShortcutName): string {
  const { label, words } = shortcutOf(name);
  return `${i18n._(label)} ${label.message ?? ""} ${words}`;
}

/** Lower case without accents: "kopieer" finds "Kopiëren". */
export function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
