import { useLingui } from "@lingui/react/macro";
import type { Column } from "./columns";
import styles from "./operations-table.module.css";

type Props = {
  column: Column;
  className: string;
  sort: string | undefined;
  onSort: (sort: string) => void;
};

const DEFAULT_SORT = "-created_at";

/** The head of a column. Only what the server can order by is a button: a sort over a part of the rows would lie. */
export function SortHeader({ column, className, sort, onSort }: Props) {
  const { t } = useLingui();
  if (column.sort === null)
    return (
      <th
        scope="col"
        className={className}
        title={t`Not sortable: no index gives this order, and a sort of the loaded rows alone would lie.`}
      >
        {column.name}
      </th>
    );
  const now = sort ?? DEFAULT_SORT;
  const field = column.sort;
  const direction = now === field ? "ascending" : now === `-${field}` ? "descending" : "none";
  const [first, second] = column.descendingFirst ? [`-${field}`, field] : [field, `-${field}`];
  const next = now === first ? second : first;
  return (
    <th scope="col" aria-sort={direction} className={className}>
      <button type="button" className={styles.sort} onClick={() => onSort(next)}>
        {column.name}
        <span aria-hidden="true" className={styles.arrow} data-on={direction !== "none" ? "" : undefined}>
          {direction === "ascending" ? "↑" : direction === "descending" ? "↓" : "↕"}
        </span>
      </button>
    </th>
  );
}
