import { useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import styles from "./operation-view.module.css";

export function OperationSkeleton() {
  const { t } = useLingui();
  return (
    <div role="status" aria-label={t`Loading`}>
      <div className={styles.header}>
        <Skeleton height={22} width={190} />
        <Skeleton height={32} width={220} />
        <Skeleton height={14} width={260} />
        <Skeleton height={28} width="70%" />
        <Skeleton height={34} width={340} />
      </div>
      <div className={styles.body}>
        <TimelineSkeleton />
      </div>
    </div>
  );
}

export function TimelineSkeleton() {
  return (
    <div style={{ display: "grid", gap: 26, paddingBlock: 16 }}>
      <Skeleton height={14} width="60%" />
      <Skeleton height={14} width="50%" />
      <Skeleton height={14} width="55%" />
    </div>
  );
}
