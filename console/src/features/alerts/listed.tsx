import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import tables from "~/ui/table.module.css";
import styles from "./alerts.module.css";

type Props = {
  title: string;
  /** The words of the button that makes one more; null for who may not. */
  adds: string | null;
  onAdd: () => void;
  failed: { error: Error; onRetry: () => void } | null;
  columns: readonly ReactNode[];
  /** A row each; null while they are not there yet. */
  rows: readonly ReactNode[] | null;
  empty: ReactNode;
};

/** A part of the page: its title, a button that makes one more, and a table of what there is. */
export function Listed({ title, adds, onAdd, failed, columns, rows, empty }: Props) {
  return (
    <section className={layout.section}>
      <div className={styles.head}>
        <h2 className={layout.band}>{title}</h2>
        {adds === null ? null : (
          <Button size="xs" variant="default" onClick={onAdd}>
            {adds}
          </Button>
        )}
      </div>
      {failed ? <FailedFace error={failed.error} onRetry={failed.onRetry} /> : null}
      {rows?.length === 0 ? <p className={styles.muted}>{empty}</p> : null}
      {rows && rows.length > 0 ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too */}
          <section className={tables.scroller} tabIndex={0} aria-label={title}>
            <table className={`${tables.table} ${tables.cards}`}>
              <thead>
                <tr>
                  {columns.map((column, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                    <th key={place} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>{rows}</tbody>
            </table>
          </section>
        </>
      ) : null}
    </section>
  );
}
