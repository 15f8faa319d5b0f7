import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useId, useState } from "react";
import { type Suggestion, useParsed, useSettled, useSuggestions } from "~/lib/query-language";
import { QueryPopup } from "./query-popup";
import styles from "./query-popup.module.css";

type Props = {
  label: string;
  description: string;
  value: string;
  onChange: (text: string) => void;
  /** Which suggestions are of use here. */
  offers: (option: Suggestion) => boolean;
};

/** A query as a field of a form: what could stand at the caret is offered, and what is wrong is told under it. */
export function QueryInput({ label, description, value, onChange, offers }: Props) {
  const popup = useId();
  const [caret, setCaret] = useState(value.length);
  const [focused, setFocused] = useState(false);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const settled = useSettled(value, 300);
  const { fault } = useParsed(settled);
  const options = useSuggestions(value, caret, focused && open).filter(offers);
  const shown = focused && open && options.length > 0;
  const choose = (option: Suggestion) => {
    onChange(`${value.slice(0, option.from)}${option.text}${value.slice(option.to)}`);
    setCaret(option.from + option.text.length);
    setActive(-1);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const chosen = shown ? options[active] : undefined;
    if (event.key === "ArrowDown") {
      setOpen(true);
      setActive((active + 1) % Math.max(options.length, 1));
    } else if (event.key === "ArrowUp" && shown) setActive((active < 1 ? options.length : active) - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) choose(chosen);
    else if (event.key === "Escape" && shown) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.within}>
      <TextInput
        label={label}
        description={description}
        error={settled === value && fault ? fault.detail : undefined}
        role="combobox"
        aria-expanded={shown}
        aria-controls={popup}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${popup}-${active}` : undefined}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
          setActive(-1);
          setOpen(true);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? value.length)}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          setFocused(false);
          setOpen(false);
        }}
        onKeyDown={press}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={2048}
      />
      {shown ? (
        <QueryPopup
          id={popup}
          text={value}
          options={options}
          active={active}
          fault={null}
          column={0}
          onPoint={setActive}
          onChoose={choose}
        />
      ) : null}
    </div>
  );
}
