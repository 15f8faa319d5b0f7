import { useLingui } from "@lingui/react/macro";
import { CloseButton } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useParsed } from "~/lib/query-language";
import { Keys } from "~/lib/shortcuts/keys";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Icon } from "~/ui/icon";
import { QueryPopup } from "~/ui/query-popup";
import styles from "./filter-bar.module.css";
import { QueryChips } from "./query-chips";
import { useDraft } from "./use-draft";

type Props = { q: string; onQuery: (q: string) => void };

/**
 * The filter: chips while it rests, its text while somebody writes it. Both are the same query, and Enter applies.
 */
export function QueryField({ q, onQuery }: Props) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const popup = useId();
  const { chips, fault: standing } = useParsed(q);
  const draft = useDraft(q, input, onQuery);
  const fault = draft.writing ? draft.fault : standing;
  // What is not understood can't be cut into chips: it stays a text, with a line under the fault.
  const asText = draft.writing || standing !== null;
  const text = draft.writing ? draft.text : asText ? q : "";
  const open = draft.writing && (draft.options.length > 0 || draft.fault !== null) && draft.open;

  useShortcuts({
    filter: () => draft.begin(),
    ...(q ? { clearFilter: () => onQuery("") } : {}),
  });
  useEffect(() => {
    if (mirror.current && input.current) mirror.current.style.translate = `${-input.current.scrollLeft}px`;
  });

  return (
    <div className={styles.field}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the text only puts the caret into it */}
      <div
        className={styles.box}
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return;
          event.preventDefault();
          draft.begin();
        }}
      >
        <Icon name="filter" size={14} />
        {asText ? null : <QueryChips q={q} chips={chips} onEdit={draft.begin} onQuery={onQuery} />}
        <div className={styles.entry}>
          <div ref={mirror} className={styles.mirror} aria-hidden="true">
            {fault ? (
              <>
                {text.slice(0, fault.from)}
                <mark>{text.slice(fault.from, fault.to) || " "}</mark>
              </>
            ) : null}
          </div>
          <input
            ref={input}
            role="combobox"
            aria-label={t`Filter`}
            aria-expanded={open}
            aria-controls={popup}
            aria-autocomplete="list"
            aria-activedescendant={open && draft.active >= 0 ? `${popup}-${draft.active}` : undefined}
            aria-invalid={fault !== null}
            aria-describedby={open && draft.fault ? `${popup}-fault` : undefined}
            value={text}
            placeholder={
              q
                ? t`Add to the filter`
                : t`Filter, for example: waiting_on:operator amount>=500EUR created>-7d`
            }
            onFocus={draft.focus}
            onBlur={draft.leave}
            onChange={draft.write}
            onSelect={draft.place}
            onKeyDown={(event: KeyboardEvent) => draft.press(event)}
            onScroll={() => {
              if (mirror.current && input.current)
                mirror.current.style.translate = `${-input.current.scrollLeft}px`;
            }}
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            maxLength={2048}
          />
        </div>
        <div className={styles.ends}>
          {draft.changed ? (
            <button type="button" className={styles.apply} onClick={() => draft.apply()}>
              {t`Apply`} <span aria-hidden="true">↵</span>
            </button>
          ) : null}
          {q || draft.text ? (
            <CloseButton
              size={24}
              aria-label={t`Clear the filter`}
              onClick={() => {
                draft.clear();
                onQuery("");
              }}
            />
          ) : (
            <Keys name="filter" />
          )}
        </div>
      </div>
      {open ? (
        <QueryPopup
          id={popup}
          text={draft.text}
          options={draft.options}
          active={draft.active}
          fault={draft.fault}
          column={draft.options[0]?.from ?? 0}
          onPoint={draft.point}
          onChoose={draft.choose}
        />
      ) : null}
    </div>
  );
}
