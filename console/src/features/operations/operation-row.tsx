import { useLingui } from "@lingui/react/macro";
import { memo } from "react";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import type { KindWords } from "~/lib/kinds";
import { Cell } from "./cell";
import type { Column } from "./columns";
import styles from "./operations-table.module.css";

type Props = {
  row: OperationAtWork;
  index: number;
  columns: readonly Column[];
  words: KindWords;
  now: number;
  gone: boolean;
  flashes: boolean;
  opened: boolean;
  reachable: boolean;
  pointed: string | null;
  /** Whether its box is ticked; null where it has none. */
  ticked: boolean | null;
  onTick: (id: string) => void;
};

const MUTED = new Set(["stage", "age", "created", "changed", "closed", "final", "version", "id"]);

/** One row. Its clicks and keys are the table's, so that it is drawn again only when what it shows has changed. */
export const OperationRow = memo(function OperationRow(props: Props) {
  const { row, index, columns, words, now, gone, flashes, opened, reachable, pointed, ticked, onTick } =
    props;
  const { t } = useLingui();
  const { reference } = row;
  const stageApart = columns.some((column) => column.id === "stage");
  return (
    <tr
      className={styles.row}
      aria-rowindex={index + 2}
      data-id={row.id}
      data-opened={opened ? "" : undefined}
      data-gone={gone ? "" : undefined}
      data-flash={flashes ? "" : undefined}
      data-ticked={ticked ? "" : undefined}
    >
      {ticked === null ? null : (
        <td className={styles.tick} data-tick="">
          <input
            type="checkbox"
            aria-label={t`Select ${reference}`}
            tabIndex={reachable ? 0 : -1}
            checked={ticked}
            onChange={() => onTick(row.id)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          className={classOf(column)}
          title={column.id === "subject" ? (row.subject ?? undefined) : undefined}
        >
          <Cell
            column={column.id}
            row={row}
            words={words}
            now={now}
            gone={gone}
            stageApart={stageApart}
            opened={opened}
            reachable={reachable}
            pointed={pointed}
          />
        </td>
      ))}
    </tr>
  );
});

export function classOf(column: Column): string {
  const names = [
    column.right ? styles.right : "",
    column.extra ? styles.extra : "",
    column.id === "number" ? styles.number : "",
    column.id === "subject" ? styles.subject : "",
    MUTED.has(column.id) ? styles.muted : "",
  ];
  return names.filter(Boolean).join(" ");
}
