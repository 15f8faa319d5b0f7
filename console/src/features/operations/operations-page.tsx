import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { isProblem } from "~/api/problem";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useKindWords, useWordsFor } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { valuesOf } from "~/lib/query-text";
import { FailedFace } from "~/ui/faces";
import { EmptyFace, NoResultFace } from "./empty-faces";
import { FilterBar } from "./filter-bar";
import { InvalidQueryFace } from "./invalid-query-face";
import { useOperationList, useStatusCounts, type View } from "./list-query";
import { OperationCards } from "./operation-cards";
import styles from "./operations-page.module.css";
import { OperationsTable } from "./operations-table";
import { RowsSkeleton } from "./rows-skeleton";
import { StatusTabs } from "./status-tabs";

type Props = {
  view: View;
  /** The operation that stands open beside the list. */
  opened: string | undefined;
  onView: (changes: View) => void;
  onShow: (id: string) => void;
  onClose: () => void;
};

export function OperationsPage({ view, opened, onView, onShow, onClose }: Props) {
  const { t } = useLingui();
  const q = view.q ?? "";
  const now = useNow();
  const narrow = useMediaQuery("(max-width: 699px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const { list, rows, newCount, gone, showNew } = useOperationList(view);
  const counts = useStatusCounts(q);
  const wordsFor = useWordsFor(rows);
  const waiting = useWaitedLong(list.isPending);
  const subject = useSubjectWord(q, rows[0]?.kind_version);
  const shown = formatCount(rows.length, useLanguage());
  useAnnounceRows(list.isSuccess && !list.isFetching, rows.length);

  const face = list.isPending ? (
    waiting ? (
      <RowsSkeleton />
    ) : null
  ) : list.isError && rows.length === 0 ? (
    isProblem(list.error, "invalid_query") ? (
      <InvalidQueryFace q={q} problem={list.error} onQuery={(changed) => onView({ q: changed })} />
    ) : (
      <FailedFace error={list.error} onRetry={() => list.refetch()} />
    )
  ) : rows.length === 0 ? (
    q ? (
      <NoResultFace q={q} onQuery={(changed) => onView({ q: changed })} />
    ) : (
      <EmptyFace />
    )
  ) : null;

  return (
    <main className={styles.page}>
      <title>{`${t`Operations`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Operations</Trans>
        </h1>
        <StatusTabs q={q} counts={counts.data} onQuery={(changed) => onView({ q: changed })} />
      </div>
      <FilterBar
        q={q}
        sort={view.sort}
        withSort={narrow}
        onQuery={(changed) => onView({ q: changed })}
        onSort={(sort) => onView({ sort })}
      />
      {newCount > 0 ? (
        <div className={styles.pillHolder}>
          <button type="button" className={styles.pill} onClick={showNew}>
            {newCount >= 50 ? t`50+ new – show` : t`${newCount} new – show`}
          </button>
        </div>
      ) : null}
      {face ??
        (narrow ? (
          <OperationCards rows={rows} gone={gone} now={now} wordsFor={wordsFor} />
        ) : (
          <OperationsTable
            rows={rows}
            gone={gone}
            now={now}
            sort={view.sort}
            subject={subject}
            opened={opened}
            wordsFor={wordsFor}
            onSort={(sort) => onView({ sort })}
            onShow={onShow}
            onClose={onClose}
          />
        ))}
      {rows.length > 0 ? (
        <div className={styles.foot}>
          {list.hasNextPage ? (
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              <Trans>Load more</Trans>
            </Button>
          ) : null}
          <span>
            {list.isFetchNextPageError
              ? t`The next rows could not be loaded. Try again.`
              : list.hasNextPage
                ? t`${shown} shown`
                : t`${shown} shown, that is all`}
          </span>
        </div>
      ) : null}
    </main>
  );
}

/** The kind's own word for its subject when the view holds one kind; the general one otherwise. */
function useSubjectWord(q: string, version: number | undefined): string {
  const { t } = useLingui();
  const kinds = valuesOf(q, "kind");
  const only = kinds.length === 1 ? kinds[0] : undefined;
  const words = useKindWords(only ?? "", version ?? 1, only !== undefined && version !== undefined);
  return (only ? words.subject : null) ?? t`Subject`;
}

function useAnnounceRows(settled: boolean, count: number): void {
  const announce = useAnnounce();
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (!settled) return;
    // Not on arrival, when the page itself is read.
    if (before.current !== null && before.current !== count)
      announce(plural(count, { one: "# operation shown", other: "# operations shown" }));
    before.current = count;
  }, [settled, count, announce]);
}
