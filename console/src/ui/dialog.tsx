import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import styles from "./dialog.module.css";
import { useFocusGivenBack } from "./use-focus-given-back";

// The dialogs that stand open, the topmost last: Escape closes that one and leaves what is under it.
let standing: readonly symbol[] = [];
const listeners = new Set<() => void>();

function stand(changed: readonly symbol[]): void {
  standing = changed;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function useIsTopmost(): boolean {
  const [own] = useState(() => Symbol("dialog"));
  useEffect(() => {
    stand([...standing, own]);
    return () => stand(standing.filter((one) => one !== own));
  }, [own]);
  return useSyncExternalStore(listen, () => standing.at(-1) === own);
}

type Props = {
  title: string;
  size: number;
  /** Absent where the dialog can't be left before it is answered. */
  onClose?: () => void;
  zIndex?: number;
  children: ReactNode;
};

/** A dialog with its title. Its head is no `<header>`: outside `main` that would be a second banner. */
export function Dialog({ title, size, onClose, zIndex, children }: Props) {
  const { t } = useLingui();
  const isTopmost = useIsTopmost();
  const head = useRef<HTMLDivElement>(null);
  useFocusGivenBack(head);
  return (
    <Modal.Root
      opened
      onClose={onClose ?? (() => undefined)}
      closeOnEscape={onClose !== undefined && isTopmost}
      closeOnClickOutside={onClose !== undefined}
      size={size}
      yOffset="10dvh"
      transitionProps={{ duration: 120 }}
      classNames={{ content: styles.content }}
      {...(zIndex === undefined ? {} : { zIndex })}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content>
        <div ref={head} className={styles.head}>
          <Modal.Title className={styles.title}>{title}</Modal.Title>
          {onClose ? <Modal.CloseButton aria-label={t`Close`} size={28} /> : null}
        </div>
        <Modal.Body className={styles.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
