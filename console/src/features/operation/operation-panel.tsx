import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useWaitedLong } from "~/lib/clock";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { FailedFace } from "~/ui/faces";
import { Icon } from "~/ui/icon";
import { Neighbours } from "./neighbours";
import styles from "./operation-panel.module.css";
import { operationOptions } from "./operation-query";
import { OperationSkeleton } from "./operation-skeleton";
import { OperationView } from "./operation-view";

type Props = { id: string; onShow: (id: string) => void; onClose: () => void };

/** One operation beside the list, which stays in use. */
export function OperationPanel({ id, onShow, onClose }: Props) {
  const { t } = useLingui();
  const { data: operation, error, isPending, refetch } = useQuery(operationOptions(id));
  const waiting = useWaitedLong(isPending);
  useShortcuts({ close: onClose });
  const actions = (
    <>
      <Neighbours id={id} onShow={onShow} />
      <Tooltip label={t`Open on its own page (Enter)`}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={t`Open on its own page`}
          renderRoot={(props) => <Link to="/operations/$id" params={{ id }} {...props} />}
        >
          <Icon name="expand" />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t`Close (Esc)`}>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={t`Close`} onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </Tooltip>
    </>
  );
  return (
    <section className={styles.panel} aria-label={t`Operation`}>
      {operation ? (
        <OperationView operation={operation} layout="panel" actions={actions} />
      ) : error ? (
        <FailedFace error={error} onRetry={() => refetch()} />
      ) : waiting ? (
        <OperationSkeleton />
      ) : null}
    </section>
  );
}
