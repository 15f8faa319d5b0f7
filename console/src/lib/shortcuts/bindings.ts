import { isCharacterKey, SHORTCUT_NAMES, type ShortcutName, shortcutOf } from "./registry";

type Act = () => void;

const SEQUENCE_WITHIN = 1_200;

/** What the parts on the page can do at this moment, by name. The part that came last answers first. */
export class Bindings {
  private readonly acts = new Map<ShortcutName, { current: Act }[]>();
  private readonly listeners = new Set<() => void>();
  private names: readonly ShortcutName[] = [];
  private begun: { key: string; at: number } | null = null;

  bind(name: ShortcutName, act: { current: Act }): () => void {
    this.acts.set(name, [...(this.acts.get(name) ?? []), act]);
    this.tell();
    return () => {
      const left = (this.acts.get(name) ?? []).filter((one) => one !== act);
      if (left.length > 0) this.acts.set(name, left);
      else this.acts.delete(name);
      this.tell();
    };
  }

  run(name: ShortcutName): void {
    this.acts.get(name)?.at(-1)?.current();
  }

  /** The names that can be run now, in the registry's order. */
  bound = (): readonly ShortcutName[] => this.names;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Runs what this key, or the sequence it ends, stands for. Says whether the key was taken. */
  press(event: KeyboardEvent, singleKeys: boolean): boolean {
    const key = keyOf(event);
    if (key === null) return false;
    const begun = this.begun && event.timeStamp - this.begun.at < SEQUENCE_WITHIN ? this.begun.key : null;
    this.begun = null;
    const usable = (keys: string) => singleKeys || !isCharacterKey(keys);
    const wanted = begun === null ? [key] : [`${begun} ${key}`, key];
    for (const keys of wanted) {
      const name = this.names.find((one) => usable(keys) && shortcutOf(one).keys.includes(keys));
      if (!name) continue;
      this.run(name);
      return true;
    }
    const begins = this.names.some((one) =>
      shortcutOf(one).keys.some((keys) => usable(keys) && keys.startsWith(`${key} `)),
    );
    if (begins) this.begun = { key, at: event.timeStamp };
    return begins;
  }

  private tell(): void {
    this.names = SHORTCUT_NAMES.filter((name) => this.acts.has(name));
    for (const listener of this.listeners) listener();
  }
}

/** The key as the registry writes it; null for a modifier alone and for what belongs to the browser. */
function keyOf(event: KeyboardEvent): string | null {
  if (event.altKey || event.isComposing) return null;
  if (["Shift", "Control", "Meta"].includes(event.key)) return null;
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? null : `Mod+${event.key.toLowerCase()}`;
  return event.key;
}
