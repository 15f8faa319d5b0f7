import { useLingui } from "@lingui/react/macro";
import { Keys } from "~/lib/shortcuts/keys";
import { Icon } from "~/ui/icon";
import styles from "./search-field.module.css";

/** Where the palette is opened with the mouse: it looks like the field that then comes. */
export function SearchField({ onOpen }: { onOpen: () => void }) {
  const { t } = useLingui();
  return (
    <search className={styles.search}>
      <button type="button" onClick={onOpen}>
        <Icon name="search" />
        <span>{t`Find an operation, a page or a command`}</span>
        <Keys name="palette" />
      </button>
    </search>
  );
}
