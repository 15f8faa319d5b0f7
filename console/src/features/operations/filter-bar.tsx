import { useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import styles from "./filter-bar.module.css";
import { QueryField } from "./query-field";

type Props = {
  q: string;
  sort: string | undefined;
  /** Cards have no headers to sort by. */
  withSort: boolean;
  onQuery: (q: string) => void;
  onSort: (sort: string | undefined) => void;
};

export function FilterBar({ q, sort, withSort, onQuery, onSort }: Props) {
  const { t } = useLingui();
  return (
    <search className={styles.bar} aria-label={t`Filter`}>
      <QueryField q={q} onQuery={onQuery} />
      {withSort ? (
        <NativeSelect
          aria-label={t`Order`}
          size="xs"
          className={styles.order}
          value={sort ?? "-created_at"}
          onChange={(event) => onSort(event.currentTarget.value)}
          data={[
            { value: "-created_at", label: t`Newest first` },
            { value: "created_at", label: t`Oldest first` },
            { value: "deadline_at", label: t`First deadline first` },
            { value: "-closed_at", label: t`Last to end first` },
          ]}
        />
      ) : null}
    </search>
  );
}
