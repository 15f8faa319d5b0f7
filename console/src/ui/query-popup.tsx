import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import type { QueryFault, Suggestion } from "~/lib/query-language";
import styles from "./query-popup.module.css";
import { useSuggestionWord } from "./suggestion-words";

type Props = {
  id: string;
  text: string;
  options: readonly Suggestion[];
  active: number;
  fault: QueryFault | null;
  /** Where in the text the options would stand, in letters. */
  column: number;
  onPoint: (index: number) => void;
  onChoose: (option: Suggestion) => void;
};

/** What could be written here, and what is wrong with what was. */
export function QueryPopup({ id, text, options, active, fault, column, onPoint, onChoose }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const wordOf = useSuggestionWord(text);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(`${id}-${active}`)}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <div className={styles.popup} style={{ ["--v-column" as string]: `${column * 7.5}px` }}>
      {options.length > 0 ? (
        <div ref={list} id={id} role="listbox" aria-label={t`What can stand here`} className={styles.options}>
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, as in every combobox
            <div
              key={`${option.kind} ${option.text}`}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={styles.option}
              onMouseEnter={() => onPoint(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(option)}
            >
              <code>{option.text.trim()}</code>
              <span className={styles.label}>
                {option.kind === "remedy" ? t`Did you mean this?` : wordOf(option)}
              </span>
              {option.count === undefined ? null : (
                <span className={styles.count}>{formatCount(option.count, language)}</span>
              )}
            </div>
          ))}
        </div>
      ) : null}
      {fault ? (
        <p id={`${id}-fault`} role="status" className={styles.fault} lang="en">
          {fault.detail}
        </p>
      ) : null}
    </div>
  );
}
