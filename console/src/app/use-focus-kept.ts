import { type RefObject, useEffect } from "react";

/**
 * Keeps the focus near where it was when its button goes: a step that is taken, a row that ends. A button that only waits
 * gets it back. Else the browser lets it fall to the page's beginning, and who uses the keyboard starts over.
 */
export function useFocusKept(content: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const page = content.current;
    if (!page) return;
    let last: HTMLElement | null = null;
    let around: HTMLElement[] = [];
    let main: Element | null = null;
    let waits = false;
    const remember = ({ target }: FocusEvent) => {
      last = target instanceof HTMLElement ? target : null;
      around = last ? ancestors(last, page) : [];
      main = last?.closest("main") ?? null;
      waits = false;
    };
    // Whoever clicks beside it wants the focus gone.
    const forget = ({ target }: PointerEvent) => {
      if (last && target instanceof Node && !last.contains(target)) last = null;
    };
    const keep = () => {
      if (!last) return;
      // Noted at once: it is drawn before the browser takes the focus from what is disabled.
      const isDisabled = last.matches(":disabled");
      waits ||= isDisabled;
      if (document.activeElement && document.activeElement !== document.body) return;
      // Another page has come, which knows by itself what is to have the focus: the list, the row that was left.
      if (main && !main.isConnected) last = null;
      else if (!last.isConnected) {
        const near = around.find((one) => one.isConnected) ?? page;
        last = null;
        near.focus({ preventScroll: true });
      } else if (waits && !isDisabled) last.focus({ preventScroll: true });
    };
    const watcher = new MutationObserver(keep);
    watcher.observe(page, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    page.addEventListener("focusin", remember);
    document.addEventListener("pointerdown", forget);
    return () => {
      watcher.disconnect();
      page.removeEventListener("focusin", remember);
      document.removeEventListener("pointerdown", forget);
    };
  }, [content]);
}

/** What may have the focus around something, the nearest first. No buttons: the next key would press one that nobody chose. */
function ancestors(of: HTMLElement, page: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let one = of.parentElement; one && one !== page; one = one.parentElement)
    if (one.hasAttribute("tabindex")) found.push(one);
  return [...found, page];
}
