import { type FocusEvent, type MouseEvent, useEffect, useRef, useState } from "react";

const REST = 220;

export type Pointed = { id: string; field: string };

/** The value that the pointer rests on or that has the focus; only there stand its tools. */
export function usePointed() {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const soon = (next: Pointed | null) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setPointed(next), REST);
  };
  return {
    pointed,
    onMouseOver: (event: MouseEvent) => soon(valueAt(event.target)),
    onMouseLeave: () => soon(null),
    onFocus: (event: FocusEvent) => {
      clearTimeout(timer.current);
      setPointed(valueAt(event.target));
    },
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setPointed(null);
    },
  };
}

function valueAt(target: EventTarget): Pointed | null {
  const value = target instanceof Element ? target.closest<HTMLElement>("[data-field]") : null;
  const id = value?.closest<HTMLElement>("tr")?.dataset.id;
  return value && id ? { id, field: value.dataset.field ?? "" } : null;
}
