import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useCanGoBack, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useWaitedLong } from "~/lib/clock";
import { useKindWords } from "~/lib/kinds";
import { visit } from "~/lib/operation-list";
import { usePlay } from "~/lib/play";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { FailedFace } from "~/ui/faces";
import { Icon } from "~/ui/icon";
import { Neighbours } from "./neighbours";
import styles from "./operation-page.module.css";
import { operationOptions } from "./operation-query";
import { OperationSkeleton } from "./operation-skeleton";
import { OperationView } from "./operation-view";
import { PlayBar } from "./play-bar";

/** One operation on a page of its own. */
export function OperationPage({ id, play }: { id: string; play?: string | undefined }) {
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const { data: operation, error, isPending, refetch } = useQuery(operationOptions(id));
  const waiting = useWaitedLong(isPending);
  const words = useKindWords(operation?.kind ?? "", operation?.kind_version ?? 1, operation !== undefined);
  const playing = usePlay();
  const show = (next: string) =>
    // In place of this one: Back still leads to the list, and there to the row that was read last.
    router.navigate({ to: "/operations/$id", params: { id: next }, replace: true });
  useEffect(() => visit(id), [id]);
  useShortcuts({
    close: () => (canGoBack ? router.history.back() : router.navigate({ to: "/operations" })),
  });
  return (
    <main className={styles.page}>
      <title>{operation ? `${words.kind} ${operation.reference} · Viertakt` : "Viertakt"}</title>
      <Link
        to="/operations"
        className={styles.back}
        onClick={(event) => {
          // Back to the list as it was left: its filter, its rows and its place.
          if (!canGoBack || event.metaKey || event.ctrlKey) return;
          event.preventDefault();
          router.history.back();
        }}
      >
        <Icon name="back" size={14} />
        <Trans>Operations</Trans>
      </Link>
      {operation ? (
        <>
          {play ? <PlayBar operation={operation} view={play} play={playing} /> : null}
          <OperationView
            operation={operation}
            layout="page"
            actions={<Neighbours id={id} onShow={show} />}
            {...(play ? { onMoved: () => playing.mutate({ view: play, done: id }) } : {})}
          />
        </>
      ) : error ? (
        <FailedFace whole error={error} onRetry={() => refetch()} />
      ) : waiting ? (
        <OperationSkeleton />
      ) : null}
    </main>
  );
}
