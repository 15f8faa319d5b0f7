import { useLingui } from "@lingui/react/macro";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import type { View } from "~/api/generated/model/view";
import { OperationPanel } from "~/features/operation/operation-panel";
import { OperationsPage } from "~/features/operations/operations-page";
import { DeletedView } from "~/features/views/deleted-view";
import { askedOf } from "~/features/views/saved-views";
import { useOpenedView } from "~/features/views/use-opened-view";
import { ViewTools } from "~/features/views/view-tools";
import { useAnnounce } from "~/lib/announce";
import type { BulkChoice } from "~/lib/bulk-choice";
import { listOptions } from "~/lib/operation-list";
import { sessionOptions } from "~/lib/session";
import { useViewName } from "~/lib/view-names";
import styles from "./operations-route.module.css";
import type { OperationsSearch } from "./router";

const BulkDialog = lazy(async () => ({
  default: (await import("~/features/bulk/bulk-dialog")).BulkDialog,
}));

/** The list, and beside it on a wide screen the operation that stands open. */
export function OperationsRoute() {
  const { t } = useLingui();
  const announce = useAnnounce();
  const wide = useMediaQuery("(min-width: 1200px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const { open, view: viewId, ...asked } = useSearch({ from: "/signed-in/operations" });
  const { data: session } = useQuery(sessionOptions);
  const nameOf = useViewName();
  const [deleted, setDeleted] = useState<View | null>(null);
  const [bulk, setBulk] = useState<BulkChoice | null>(null);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const go = (search: OperationsSearch, replace: boolean, resetScroll = false) =>
    navigate({ to: "/operations", search, replace, resetScroll });
  const beside = { ...(viewId ? { view: viewId } : {}), ...(open ? { open } : {}) };
  const opened = useOpenedView(viewId, asked, (kept) => go({ ...kept, ...beside }, true));
  const openView = (view: View) => go({ ...askedOf(view), view: view.id }, false);
  const openedBeside = wide ? open : undefined;
  const show = (id: string) =>
    wide
      ? go({ ...asked, ...beside, open: id }, open !== undefined)
      : navigate({ to: "/operations/$id", params: { id } });
  const close = () => go({ ...asked, ...(viewId ? { view: viewId } : {}) }, true);
  // Back leads to the filter before; order and columns are no place to go back to.
  // A list of everything is nobody's view any more, changed or not.
  const ask = (changes: OperationsSearch) => {
    // The server is asked before anything is drawn: both then work at the same time.
    queryClient.prefetchInfiniteQuery(listOptions({ ...asked, ...changes }));
    return go(
      { ...asked, ...changes, ...(changes.q === "" ? { ...beside, view: undefined } : beside) },
      changes.q === undefined,
    );
  };

  const { isMissing } = opened;
  useEffect(() => {
    if (!isMissing) return;
    announce(t`This view is not there any more, or it is not yours to see.`);
    navigate({ to: "/operations", search: (before) => ({ ...before, view: undefined }), replace: true });
  }, [isMissing, announce, navigate, t]);
  const dismiss = useCallback(() => setDeleted(null), []);

  return (
    <div className={styles.split} data-open={openedBeside ? "" : undefined}>
      {opened.isFilling ? (
        <main aria-busy="true" />
      ) : (
        <OperationsPage
          view={asked}
          opened={openedBeside}
          {...(opened.view ? { name: nameOf(opened.view) } : {})}
          tools={
            <ViewTools
              view={opened.view}
              asked={asked}
              roles={session?.roles ?? []}
              onOpen={openView}
              onDeleted={(view) => {
                setDeleted(view);
                go(asked, true);
              }}
            />
          }
          onBulk={setBulk}
          onView={ask}
          onShow={show}
          onClose={close}
        />
      )}
      {openedBeside ? (
        <OperationPanel key={openedBeside} id={openedBeside} onShow={show} onClose={close} />
      ) : null}
      {bulk ? (
        <Suspense fallback={null}>
          <BulkDialog
            choice={bulk}
            onClose={() => setBulk(null)}
            onMade={(id) => navigate({ to: "/bulk/$id", params: { id } })}
          />
        </Suspense>
      ) : null}
      {deleted ? (
        <DeletedView
          key={deleted.id}
          view={deleted}
          onDismiss={dismiss}
          onBack={(view) => {
            dismiss();
            openView(view);
          }}
        />
      ) : null}
    </div>
  );
}
