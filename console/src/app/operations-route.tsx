import { useMediaQuery } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { OperationPanel } from "~/features/operation/operation-panel";
import { OperationsPage } from "~/features/operations/operations-page";
import styles from "./operations-route.module.css";

/** The list, and beside it on a wide screen the operation that stands open. */
export function OperationsRoute() {
  const wide = useMediaQuery("(min-width: 1200px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const { open, ...view } = useSearch({ from: "/signed-in/operations" });
  const navigate = useNavigate({ from: "/operations" });
  const openedBeside = wide ? open : undefined;
  const show = (id: string) =>
    wide
      ? navigate({
          search: (search) => ({ ...search, open: id }),
          replace: Boolean(open),
          resetScroll: false,
        })
      : navigate({ to: "/operations/$id", params: { id } });
  const close = () =>
    navigate({ search: ({ open: _closed, ...rest }) => rest, replace: true, resetScroll: false });
  return (
    <div className={styles.split} data-open={openedBeside ? "" : undefined}>
      <OperationsPage
        view={view}
        opened={openedBeside}
        onView={(changes) =>
          navigate({ search: (search) => ({ ...search, ...changes }), replace: true, resetScroll: false })
        }
        onShow={show}
        onClose={close}
      />
      {openedBeside ? <OperationPanel key={openedBeside} id={openedBeside} onClose={close} /> : null}
    </div>
  );
}
