import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./dialog.module.css";

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
  return (
    <Modal.Root
      opened
      onClose={onClose ?? (() => undefined)}
      closeOnEscape={onClose !== undefined}
      closeOnClickOutside={onClose !== undefined}
      size={size}
      yOffset="10dvh"
      transitionProps={{ duration: 120 }}
      classNames={{ content: styles.content }}
      {...(zIndex === undefined ? {} : { zIndex })}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title className={styles.title}>{title}</Modal.Title>
          {onClose ? <Modal.CloseButton aria-label={t`Close`} size={28} /> : null}
        </div>
        <Modal.Body className={styles.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
