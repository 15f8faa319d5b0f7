import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Chip } from "~/lib/query-language";
import { partsOf } from "~/lib/query-text";
import { Icon } from "~/ui/icon";
import styles from "./filter-bar.module.css";

type Props = {
  q: string;
  chips: readonly Chip[];
  onEdit: (range: { from: number; to: number }) => void;
  onQuery: (q: string) => void;
};

/** The terms of the filter, each to change or to leave out. */
export function QueryChips({ q, chips, onEdit, onQuery }: Props) {
  const { t } = useLingui();
  const list = useRef<HTMLUListElement>(null);
  const left = useRef<number | null>(null);
  const drop = (chip: Chip) => {
    left.current = chips.indexOf(chip);
    onQuery(without(q, chip));
  };
  useEffect(() => {
    if (left.current === null) return;
    // The place stays: what followed the dropped term has the focus now.
    const terms = list.current?.querySelectorAll<HTMLButtonElement>(`.${styles.term}`) ?? [];
    terms[Math.min(left.current, terms.length - 1)]?.focus();
    left.current = null;
  });
  return (
    <ul ref={list} className={styles.chips} aria-label={t`Terms of the filter`}>
      {chips.map((chip) => {
        const text = q.slice(chip.from, chip.to);
        const parts = partsOf(text);
        const press = (event: KeyboardEvent) => {
          if (event.key !== "Delete" && event.key !== "Backspace") return;
          event.preventDefault();
          drop(chip);
        };
        return (
          <li
            key={`${chip.from} ${text}`}
            className={styles.chip}
            data-negated={chip.negated ? "" : undefined}
          >
            <button
              type="button"
              className={styles.term}
              title={t`Change ${text}`}
              onClick={() => onEdit(chip)}
              onKeyDown={press}
            >
              {parts ? (
                <>
                  <span className={styles.key}>
                    {parts.negated ? "-" : ""}
                    {parts.key}
                  </span>
                  {parts.value}
                </>
              ) : (
                text
              )}
            </button>
            <button
              type="button"
              className={styles.drop}
              aria-label={t`Leave out ${text}`}
              onClick={() => drop(chip)}
            >
              <Icon name="close" size={10} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function without(q: string, chip: Chip): string {
  const before = q.slice(0, chip.from).replace(/\s+(AND\s*)?$/, "");
  const after = q.slice(chip.to).replace(/^(\s*AND)?\s+/, "");
  return [before, after].filter(Boolean).join(" ");
}
