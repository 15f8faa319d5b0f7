import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { badgeOptions } from "~/lib/inbox";
import { Icon } from "~/ui/icon";
import { useFocusGivenBack } from "~/ui/use-focus-given-back";
import { Rail } from "./rail";
import styles from "./rail-drawer.module.css";

/** Where there is no room for the rail: a button that says how much is unread, and brings it. */
export function RailDrawer({ version }: { version: string | null }) {
  const { t } = useLingui();
  const { data: badge } = useQuery(badgeOptions);
  const [open, setOpen] = useState(false);
  const unread = badge?.unread ? (badge.capped ? `${badge.unread}+` : `${badge.unread}`) : null;
  return (
    <>
      <button
        type="button"
        className={styles.button}
        aria-label={unread ? t`Menu, unread: ${unread}` : t`Menu`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Icon name="menu" size={18} />
        {unread ? <span className={styles.unread}>{unread}</span> : null}
      </button>
      {open ? <Drawer version={version} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Drawer({ version, onClose }: { version: string | null; onClose: () => void }) {
  const { t } = useLingui();
  const head = useRef<HTMLDivElement>(null);
  useFocusGivenBack(head);
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={280}
      xOffset={0}
      yOffset={0}
      transitionProps={{ duration: 0 }}
      classNames={{ inner: styles.inner, content: styles.drawer }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content
        aria-label={t`Menu`}
        // Also where the link leads to the page that stands behind it.
        onClick={({ target }) => {
          if (target instanceof Element && target.closest("a")) onClose();
        }}
      >
        <div ref={head} className={styles.head}>
          <Modal.CloseButton aria-label={t`Close`} size={32} />
        </div>
        <Rail version={version} drawn />
      </Modal.Content>
    </Modal.Root>
  );
}
