import { useMediaQuery } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { OperationPanel } from "~/features/operation/operation-panel";
import { OperationsPage } from "~/features/operations/operations-page";
import styles from "./operations-route.module.css";
import type { OperationsSearch } from "./router";

/** The list, and beside it on a wide screen the operation that stands open. */
export function OperationsRoute() {
  const wide = useMediaQuery("(min-width: 1200px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const { open, ...view } = useSearch({ from: "/signed-in/operations" });
  const navigate = useNavigate();
  const go = (search: OperationsSearch, replace: boolean) =>
    navigate({ to: "/operations", search, replace, resetScroll: false });
  const openedBeside = wide ? open : undefined;
  const show = (id: string) =>
    wide
      ? go({ ...view, open: id }, open !== undefined)
      : navigate({ to: "/operations/$id", params: { id } });
  const close = () => go(view, true);
  return (
    <div className={styles.split} data-open={openedBeside ? "" : undefined}>
      <OperationsPage
        view={view}
        opened={openedBeside}
        onView={(changes) => go({ ...view, ...changes, ...(open ? { open } : {}) }, true)}
        onShow={show}
        onClose={close}
      />
      {openedBeside ? <OperationPanel key={openedBeside} id={openedBeside} onClose={close} /> : null}
    </div>
  );
}
