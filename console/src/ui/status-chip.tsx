import { useLingui } from "@lingui/react/macro";
import type { Status } from "~/api/generated/model/status";
import styles from "./status-chip.module.css";
import { StatusMark } from "./status-mark";

/** Word, shape and colour together; with a stage, that stands beside its status. */
export function StatusChip({ status, stage }: { status: Status; stage?: string }) {
  const word = useStatusWord();
  return (
    <span className={styles.chip} data-status={status}>
      <StatusMark status={status} size={13} />
      <span>
        {word(status)}
        {stage ? ` · ${stage}` : ""}
      </span>
    </span>
  );
}

export function useStatusWord(): (status: Status) => string {
  const { t } = useLingui();
  return (status) => {
    switch (status) {
      case "pending":
        return t`Pending`;
      case "success":
        return t`Success`;
      case "error":
        return t`Error`;
      case "rejected":
        return t`Rejected`;
    }
  };
}
