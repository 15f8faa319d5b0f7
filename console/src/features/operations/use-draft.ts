import { type ChangeEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import {
  type QueryFault,
  type Suggestion,
  useParsed,
  useSettled,
  useSuggestions,
} from "~/lib/query-language";
import { useCountedValues } from "./counted-values";

/** The text of the filter while somebody writes it; nothing is asked for before it is applied. */
export function useDraft(q: string, input: RefObject<HTMLInputElement | null>, onQuery: (q: string) => void) {
  const [text, setText] = useState(q);
  const [caret, setCaret] = useState(q.length);
  const [focused, setFocused] = useState(false);
  const [open, setOpen] = useState(false);
  // By its text: the options may come in another order while somebody chooses.
  const [pointed, setPointed] = useState<string | null>(null);
  const pending = useRef<[number, number] | null>(null);

  const [known, setKnown] = useState(q);
  if (q !== known) {
    // Changed from elsewhere, or applied: what was written for the old filter is done with.
    setKnown(q);
    setText(q);
    setCaret(q.length);
  }

  const changed = text.trim() !== q;
  const writing = focused || changed;
  const settled = useSettled(text, 300);
  const parsed = useParsed(writing ? settled : "");
  // A term that is still being written is not yet wrong.
  const fault = settled === text && parsed.fault && !isAt(parsed.fault, caret, text) ? parsed.fault : null;
  const suggestions = useCountedValues(text, caret, useSuggestions(text, caret, focused && open));
  const options = fault?.meant ? [remedyOf(fault), ...suggestions] : suggestions;
  const active = pointed === null ? -1 : options.findIndex((one) => one.text === pointed);

  useEffect(() => {
    if (!pending.current || !input.current) return;
    input.current.setSelectionRange(...pending.current);
    pending.current = null;
  });

  const put = (next: string, from: number, to = from) => {
    setText(next);
    setCaret(to);
    setPointed(null);
    pending.current = [from, to];
  };
  const begin = (range?: { from: number; to: number }) => {
    if (range) put(q, range.from, range.to);
    else if (!changed) put(q ? `${q} ` : "", q ? q.length + 1 : 0);
    setOpen(true);
    input.current?.focus();
  };
  const apply = (whole = text) => {
    setText(whole);
    setOpen(false);
    input.current?.blur();
    onQuery(whole.trim());
  };
  const choose = (option: Suggestion) => {
    const after = text.slice(option.to);
    const whole = `${text.slice(0, option.from)}${option.text}${after}`;
    put(whole, option.from + option.text.length);
    input.current?.focus();
    setOpen(true);
  };
  const point = (to: number) =>
    setPointed(options[(to + options.length) % Math.max(options.length, 1)]?.text ?? null);

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const chosen = open ? options[active] : undefined;
    if (event.key === "ArrowDown") {
      setOpen(true);
      point(active + 1);
    } else if (event.key === "ArrowUp") {
      setOpen(true);
      point(active < 0 ? options.length - 1 : active - 1);
    } else if (event.key === "Tab" && !event.shiftKey && chosen) {
      choose(chosen);
    } else if (event.key === "Enter") {
      if (chosen) choose(chosen);
      else apply();
    } else if (event.key === "Escape") {
      if (open && active >= 0) {
        setPointed(null);
        setOpen(false);
      } else {
        setText(q);
        setOpen(false);
        input.current?.blur();
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    text,
    writing,
    changed: changed && text.trim() !== "",
    open,
    active,
    options,
    fault,
    begin,
    apply,
    choose,
    point,
    press,
    focus: () => {
      if (!focused && !changed && !pending.current) put(q ? `${q} ` : "", q ? q.length + 1 : 0);
      setFocused(true);
      setOpen(true);
    },
    leave: () => {
      setFocused(false);
      setOpen(false);
      setPointed(null);
      if (!changed) setText(q);
    },
    write: (event: ChangeEvent<HTMLInputElement>) => {
      setText(event.currentTarget.value);
      setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
      setPointed(null);
      setOpen(true);
    },
    place: () => setCaret(input.current?.selectionStart ?? 0),
    clear: () => {
      setText("");
      setCaret(0);
    },
  };
}

function isAt(fault: QueryFault, caret: number, text: string): boolean {
  return (
    caret === text.length && fault.to >= text.trimEnd().length && caret >= fault.from && !/\s$/.test(text)
  );
}

function remedyOf(fault: QueryFault): Suggestion {
  return { text: fault.meant ?? "", label: "", kind: "remedy", from: fault.from, to: fault.to };
}
