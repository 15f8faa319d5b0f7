import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useEffect, useRef } from "react";
import type { Status } from "~/api/generated/model/status";
import { useAnnounce } from "~/lib/announce";
import type { BulkChoice } from "~/lib/bulk-choice";
import { useWaitedLong } from "~/lib/clock";
import { useKindWords } from "~/lib/kinds";
import { usePreferences } from "~/lib/preferences";
import { valuesOf, withValues } from "~/lib/query-text";
import { useTip } from "~/lib/shortcuts/keys";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { ThinBar } from "~/ui/thin-bar";
import { ColumnChooser } from "./column-chooser";
import { useColumns } from "./columns";
import { Facets } from "./facets";
import { FilterBar } from "./filter-bar";
import { ListBody } from "./list-body";
import { useOperationList, useStatusCounts, type View } from "./list-query";
import styles from "./operations-page.module.css";
import { KnownPromises } from "./promise-cell";
import { SelectionBar } from "./selection-bar";
import { StatusTabs } from "./status-tabs";
import { useCalmed } from "./use-live-rows";
import { useSelection } from "./use-selection";

type Props = {
  view: View;
  /** The operation that stands open beside the list. */
  opened: string | undefined;
  /** What the list is called; operations when it has no name. */
  name?: string;
  /** What stands beside the columns, such as the saved views. */
  tools?: ReactNode;
  onBulk: (choice: BulkChoice) => void;
  onView: (changes: View) => void;
  onShow: (id: string) => void;
  onClose: () => void;
};

export function OperationsPage({ view, opened, name, tools, onBulk, onView, onShow, onClose }: Props) {
  const { t } = useLingui();
  const tip = useTip();
  const { facets, prefer } = usePreferences();
  const q = view.q ?? "";
  const narrow = useMediaQuery("(max-width: 699px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const operations = useOperationList(view);
  const { list, rows, newCount, showNew } = operations;
  const counts = useStatusCounts(q, view.as_of);
  const selection = useSelection(q, rows);
  // What stood there once is not there to be moved.
  const selectable = view.as_of === undefined && !narrow;
  const choice = selection.choice ?? (q && view.as_of === undefined ? { q } : null);
  const shown = useColumns(view.cols, useSubjectWord(q, rows[0]?.kind_version));
  const renewing = useWaitedLong(list.isFetching && !list.isPending && !list.isFetchingNextPage);
  const old = useWaitedLong(list.isPlaceholderData);
  const onQuery = (changed: string) => onView({ q: changed });
  const showStatus = (...status: Status[]) => onQuery(withValues(q, "status", status));
  useShortcuts({
    facets: () => prefer({ facets: !facets }),
    newestFirst: () => onView({ sort: undefined }),
    oldestFirst: () => onView({ sort: "created_at" }),
    deadlineFirst: () => onView({ sort: "deadline_at" }),
    showAll: () => showStatus(),
    showPending: () => showStatus("pending"),
    showSuccess: () => showStatus("success"),
    showError: () => showStatus("error"),
    showRejected: () => showStatus("rejected"),
    ...(newCount > 0 ? { showNew } : {}),
    ...(choice ? { bulk: () => onBulk(choice) } : {}),
    ...(selectable && rows.length > 0 ? { selectPage: () => selection.page(true) } : {}),
    ...(selectable && q ? { selectMatching: selection.match } : {}),
  });
  useAnnounceRows(list.isSuccess && !list.isFetching, rows.length);

  return (
    <main className={styles.page}>
      <title>{`${name ?? t`Operations`} · Viertakt`}</title>
      <div className={styles.head}>
        <div className={styles.title}>
          <h1 className={styles.heading}>{name ?? t`Operations`}</h1>
          <div className={styles.tools}>
            {tools}
            <Button
              variant="default"
              size="xs"
              aria-pressed={facets}
              title={tip(t`Show or hide the facets`, "facets")}
              onClick={() => prefer({ facets: !facets })}
            >
              <Trans>Facets</Trans>
            </Button>
            {narrow ? null : (
              <ColumnChooser
                choice={shown}
                onColumns={(ids) => {
                  prefer({ columns: ids });
                  onView({ cols: ids?.join(",") });
                }}
              />
            )}
          </div>
        </div>
        <StatusTabs q={q} counts={counts.data} onQuery={onQuery} />
      </div>
      <FilterBar
        q={q}
        sort={operations.order}
        withSort={narrow}
        onQuery={onQuery}
        onSort={(sort) => onView({ sort })}
      />
      {view.as_of ? <AsOf position={view.as_of} onPresent={() => onView({ as_of: undefined })} /> : null}
      {selectable ? <SelectionBar q={q} selection={selection} onBulk={onBulk} /> : null}
      <ThinBar shown={renewing} />
      {newCount > 0 ? <NewPill count={newCount} onShow={showNew} /> : null}
      <div
        className={styles.split}
        data-facets={facets && !view.as_of ? "" : undefined}
        data-opened={opened ? "" : undefined}
      >
        {facets && !view.as_of ? <Facets q={q} onQuery={onQuery} /> : null}
        <div className={styles.rows} data-old={old ? "" : undefined}>
          <KnownPromises value={operations.promises}>
            <ListBody
              view={view}
              operations={operations}
              columns={shown.columns}
              selection={selectable ? selection : undefined}
              narrow={narrow}
              opened={opened}
              onView={onView}
              onShow={onShow}
              onClose={onClose}
            />
          </KnownPromises>
        </div>
      </div>
    </main>
  );
}

/** The list of a number that a report showed: exactly those, though they may have moved since. */
function AsOf({ position, onPresent }: { position: string; onPresent: () => void }) {
  const { t } = useLingui();
  return (
    <p className={styles.asOf} role="status">
      {t`As it stood at journal position ${position}.`}
      <Button size="compact-xs" variant="default" onClick={onPresent}>
        <Trans>Show the present</Trans>
      </Button>
    </p>
  );
}

/** What came since waits here: rows never jump away under a pointer. */
function NewPill({ count: latest, onShow }: { count: number; onShow: () => void }) {
  const { t } = useLingui();
  const tip = useTip();
  const count = useCalmed(latest, TOLD_EVERY);
  return (
    <div className={styles.pillHolder} role="status">
      <button
        type="button"
        className={styles.pill}
        title={tip(t`Show what is new`, "showNew")}
        onClick={onShow}
      >
        {t`${count} new – show`}
      </button>
    </div>
  );
}

const TOLD_EVERY = 5_000;

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
