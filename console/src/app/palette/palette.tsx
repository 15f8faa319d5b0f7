import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useProblemWords } from "~/ui/faces";
import { Icon } from "~/ui/icon";
import { useFocusGivenBack } from "~/ui/use-focus-given-back";
import styles from "./palette.module.css";
import { useGroups } from "./use-groups";

/** One field for everything: an operation by any of its names, a page, a filter, a setting. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useFocusGivenBack(list);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  // Enter before the answer is there: what is found first is meant.
  const [hasty, setHasty] = useState(false);
  const sought = text.trim();
  const { groups, asking, failed } = useGroups(sought, onClose);
  const items = groups.flatMap((group) => group.items);
  const explain = useProblemWords();

  useEffect(() => {
    if (!hasty || asking) return;
    setHasty(false);
    items[0]?.run();
  });
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const count = Math.max(items.length, 1);
    if (event.key === "ArrowDown") setActive((active + 1) % count);
    else if (event.key === "ArrowUp") setActive((active + count - 1) % count);
    else if (event.key !== "Enter") return;
    else if (asking && active === 0) setHasty(true);
    else items[active]?.run();
    event.preventDefault();
  };
  let index = -1;
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={640}
      yOffset="12dvh"
      transitionProps={{ duration: 0 }}
      classNames={{ content: styles.palette }}
    >
      <Modal.Overlay backgroundOpacity={0.3} />
      <Modal.Content aria-label={t`Search and commands`}>
        <div className={styles.entry}>
          <Icon name="search" />
          <input
            ref={takeFocus}
            data-autofocus
            role="combobox"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={items[active] ? `${id}-${active}` : undefined}
            aria-autocomplete="list"
            aria-label={t`Find an operation, a page or a command`}
            placeholder={t`Find an operation, a page or a command`}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setActive(0);
              setHasty(false);
            }}
            onKeyDown={press}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
          <kbd>Esc</kbd>
        </div>
        <div ref={list} id={id} role="listbox" aria-label={t`Found`} className={styles.list}>
          {groups.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
            <div key={group.name} role="group" aria-label={group.name}>
              <div className={styles.group} aria-hidden="true">
                {group.name}
              </div>
              {group.items.map((item) => {
                index += 1;
                const at = index;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, as in every combobox
                  <div
                    key={item.key}
                    id={`${id}-${at}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={at === active}
                    className={styles.item}
                    onMouseMove={() => setActive(at)}
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={item.run}
                  >
                    {item.face}
                    <span className={styles.end}>{item.end}</span>
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        <p role="status" className={styles.word}>
          {failed ? explain(failed) : items.length === 0 && !asking ? t`Nothing is called that.` : ""}
        </p>
      </Modal.Content>
    </Modal.Root>
  );
}

/** At once, and not when the dialog's own turn comes: letters typed meanwhile would be lost. */
function takeFocus(field: HTMLInputElement | null): void {
  field?.focus();
}
