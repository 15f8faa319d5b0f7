import { useLingui } from "@lingui/react/macro";
import { isProblem } from "~/api/problem";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useWordsFor } from "~/lib/kinds";
import { excluding, withValues } from "~/lib/query-text";
import { EmptyFace } from "~/ui/empty-face";
import { FailedFace } from "~/ui/faces";
import { InvalidQueryFace } from "~/ui/invalid-query-face";
import { ListFoot } from "~/ui/list-foot";
import type { Column } from "./columns";
import { NoResultFace } from "./empty-faces";
import type { OperationList, View } from "./list-query";
import { OperationCards } from "./operation-cards";
import styles from "./operations-page.module.css";
import { OperationsTable } from "./operations-table";
import { RowsSkeleton } from "./rows-skeleton";
import type { Selection } from "./use-selection";

type Props = {
  view: View;
  operations: OperationList;
  columns: readonly Column[];
  /** What is ticked, where rows can be. */
  selection: Selection | undefined;
  /** There is no room for a table. */
  narrow: boolean;
  opened: string | undefined;
  onView: (changes: View) => void;
  onShow: (id: string) => void;
  onClose: () => void;
};

/** The rows, or the face of having none. */
export function ListBody(props: Props) {
  const { view, operations, columns, selection, narrow, opened, onView, onShow, onClose } = props;
  const { list, rows, gone, flashing } = operations;
  const q = view.q ?? "";
  const { t } = useLingui();
  const now = useNow();
  const wordsFor = useWordsFor(rows);
  const waiting = useWaitedLong(list.isPending);
  const onQuery = (changed: string) => onView({ q: changed });

  if (list.isPending) return waiting ? <RowsSkeleton /> : null;
  if (list.isError && rows.length === 0)
    return isProblem(list.error, "invalid_query") ? (
      <InvalidQueryFace q={q} problem={list.error} onQuery={onQuery} />
    ) : (
      <FailedFace error={list.error} onRetry={() => list.refetch()} />
    );
  if (rows.length === 0) return q ? <NoResultFace q={q} onQuery={onQuery} /> : <EmptyFace />;
  return (
    <>
      {narrow ? (
        <OperationCards rows={rows} gone={gone} now={now} wordsFor={wordsFor} />
      ) : (
        <OperationsTable
          list={`${q} ${view.sort ?? ""}`}
          rows={rows}
          more={list.hasNextPage}
          columns={columns}
          selection={selection}
          gone={gone}
          flashing={flashing}
          now={now}
          sort={operations.order}
          opened={opened}
          wordsFor={wordsFor}
          onSort={(sort) => onView({ sort })}
          onOnly={(field, code) => onQuery(withValues(q, field, [code]))}
          onExclude={(field, code) => onQuery(excluding(q, field, code))}
          onShow={onShow}
          onClose={onClose}
        />
      )}
      <ListFoot
        className={styles.foot}
        list={operations.list}
        count={operations.rows.length}
        more={t`Load more`}
        failed={t`The next rows could not be loaded. Try again.`}
      />
    </>
  );
}
