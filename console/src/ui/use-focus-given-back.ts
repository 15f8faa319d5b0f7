import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Gives the focus back to what had it, once what holds `inside` is gone: else it falls to the page's very beginning.
 * Mantine does so only where a dialog is closed and stays; ours are there or not.
 */
export function useFocusGivenBack(inside: RefObject<HTMLElement | null>): void {
  // Read while the first is drawn: what is drawn may take the focus at once.
  const before = useRef(document.activeElement);
  useLayoutEffect(() => {
    // One dialog in the place of another, whose button is gone or waits: what opened that one has the focus back by now.
    const had = before.current;
    if (!had?.isConnected || had === document.body) before.current = document.activeElement;
    return () => {
      const now = document.activeElement;
      const dialog = inside.current?.closest("[role=dialog]");
      const isElsewhere = now && now !== document.body && !dialog?.contains(now);
      if (!isElsewhere) giveFocus(before.current);
    };
  }, [inside]);
}

function giveFocus(to: Element | null): void {
  if (to instanceof HTMLElement && to.isConnected && to !== document.body) to.focus();
  else document.getElementById("content")?.focus();
}
