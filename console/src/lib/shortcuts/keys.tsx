import { usePreferences } from "~/lib/preferences";
import { isCharacterKey, type ShortcutName, shortcutOf } from "./registry";

const SIGNS: Record<string, string> = { Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓" };

/** The keys of a shortcut as they are read, "Ctrl K" or "g o"; empty where it has none or they are switched off. */
export function useKeysText(): (name: ShortcutName) => string {
  const { singleKeys } = usePreferences();
  return (name) => {
    const keys = shortcutOf(name).keys.find((one) => singleKeys || !isCharacterKey(one));
    return keys ? textOf(keys) : "";
  };
}

export function textOf(keys: string): string {
  return keys
    .split(" ")
    .map((key) => {
      if (key.startsWith("Mod+")) return `${isMac() ? "⌘" : "Ctrl"} ${key.slice(4).toUpperCase()}`;
      if (key.length === 1 && key !== key.toLowerCase()) return `⇧ ${key}`;
      return SIGNS[key] ?? key;
    })
    .join(" ");
}

/** The first keys of a shortcut as a key cap, where it has any. */
export function Keys({ name }: { name: ShortcutName }) {
  const text = useKeysText()(name);
  return text ? <kbd>{text}</kbd> : null;
}

/** A tooltip's text with the keys behind it. */
export function useTip(): (label: string, name: ShortcutName) => string {
  const keysText = useKeysText();
  return (label, name) => {
    const keys = keysText(name);
    return keys ? `${label} (${keys})` : label;
  };
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
