import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

const VIRTUAL_ABOVE = 200;
const MARGIN = 24;
const STEP = 8;

export type RowWindow = { from: number; to: number; rowHeight: number };

/**
 * Which rows are drawn: all of them up to 200, above that those in sight and some around them. Every row is one line of
 * the same height, so that the room of the others is known without measuring them.
 */
export function useRowWindow(count: number, body: RefObject<HTMLElement | null>, density: string) {
  const virtual = count > VIRTUAL_ABOVE;
  const [place, setPlace] = useState<RowWindow>({ from: 0, to: VIRTUAL_ABOVE, rowHeight: 40 });

  const look = useCallback(() => {
    const scroller = scrollerOf(body.current);
    if (!body.current || !scroller) return;
    const rowHeight = heightOfRows();
    const above = scroller.getBoundingClientRect().top - body.current.getBoundingClientRect().top;
    const first = Math.floor(above / rowHeight);
    const seen = Math.ceil(scroller.clientHeight / rowHeight);
    const from = Math.max(0, Math.floor((first - MARGIN) / STEP) * STEP);
    const to = Math.ceil((first + seen + MARGIN) / STEP) * STEP;
    setPlace((before) =>
      before.from === from && before.to === to && before.rowHeight === rowHeight
        ? before
        : { from, to, rowHeight },
    );
  }, [body]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another density is another height of every row
  useLayoutEffect(() => {
    if (virtual) look();
  }, [virtual, look, count, density]);
  useEffect(() => {
    const scroller = scrollerOf(body.current);
    if (!virtual || !scroller) return;
    scroller.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      scroller.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [virtual, look, body]);

  /** Scrolls just so far that this row is in sight, also when it is not drawn yet. */
  const reveal = (index: number) => {
    const scroller = scrollerOf(body.current);
    if (!virtual || !body.current || !scroller) return;
    const rowHeight = heightOfRows();
    const top =
      body.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + index * rowHeight;
    if (top < rowHeight * 2) scroller.scrollTop += top - rowHeight * 2;
    else if (top > scroller.clientHeight - rowHeight * 3)
      scroller.scrollTop += top - scroller.clientHeight + rowHeight * 3;
    look();
  };
  return {
    from: virtual ? Math.min(place.from, count) : 0,
    to: virtual ? Math.min(place.to, count) : count,
    rowHeight: place.rowHeight,
    reveal,
  };
}

function scrollerOf(body: HTMLElement | null): HTMLElement | null {
  return body?.closest<HTMLElement>("#content") ?? document.documentElement;
}

function heightOfRows(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--v-row")) || 40;
}
