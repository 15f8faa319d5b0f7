import styles from "./operations-table.module.css";

type Props = {
  name: string;
  field: string;
  sort: string | undefined;
  onSort: (sort: string) => void;
  extra?: boolean;
  /** A first click gives what is wanted most: the newest, or the first to fall due. */
  descendingFirst?: boolean;
};

const DEFAULT_SORT = "-created_at";

/** A column the server can order by. Others have no button: a sort over a part of the rows would lie. */
export function SortHeader({ name, field, sort, onSort, extra, descendingFirst }: Props) {
  const now = sort ?? DEFAULT_SORT;
  const direction = now === field ? "ascending" : now === `-${field}` ? "descending" : "none";
  const [first, second] = descendingFirst ? [`-${field}`, field] : [field, `-${field}`];
  const next = now === first ? second : first;
  return (
    <th scope="col" aria-sort={direction} className={extra ? styles.extra : undefined}>
      <button type="button" className={styles.sort} onClick={() => onSort(next)}>
        {name}
        <span aria-hidden="true" className={styles.arrow} data-on={direction !== "none" ? "" : undefined}>
          {direction === "ascending" ? "↑" : direction === "descending" ? "↓" : "↕"}
        </span>
      </button>
    </th>
  );
}
