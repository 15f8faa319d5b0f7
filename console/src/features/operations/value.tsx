import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Icon } from "~/ui/icon";
import styles from "./value.module.css";

type Props = {
  field: string;
  /** As the query language writes it. */
  code: string;
  /** As people read it. */
  label: string;
  pointed: boolean;
  /** The tools hang before the value: it stands at the end of its column. */
  end?: boolean;
  children: ReactNode;
};

/** A value in a cell, with what a filter can do with it while the pointer or the focus is on it. */
export function Value({ field, code, label, pointed, end, children }: Props) {
  const { t } = useLingui();
  return (
    <span className={styles.value} data-field={field} data-code={code} tabIndex={-1}>
      <span className={styles.text}>{children}</span>
      {pointed ? (
        <span className={styles.tools} data-end={end ? "" : undefined}>
          <button
            type="button"
            data-act="only"
            title={t`Filter on ${label}`}
            aria-label={t`Filter on ${label}`}
          >
            <Icon name="filter" size={13} />
          </button>
          <button
            type="button"
            data-act="exclude"
            title={t`Exclude ${label}`}
            aria-label={t`Exclude ${label}`}
          >
            <Icon name="exclude" size={13} />
          </button>
        </span>
      ) : null}
    </span>
  );
}
