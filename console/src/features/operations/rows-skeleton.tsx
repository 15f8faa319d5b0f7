import { useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";

const WIDTHS = [212, 180, 236, 164, 208, 190, 224, 172, 200, 216];

/** Rows in the final layout, before there are any. */
export function RowsSkeleton() {
  const { t } = useLingui();
  return (
    <div role="status" aria-label={t`Loading`} style={{ paddingBlockStart: 34 }}>
      {WIDTHS.map((width) => (
        <div
          key={width}
          style={{
            display: "flex",
            alignItems: "center",
            gap: 32,
            height: "var(--v-row)",
            padding: "0 var(--v-gutter)",
            borderBlockEnd: "1px solid var(--v-line)",
          }}
        >
          <Skeleton height={12} width={width} />
          <Skeleton height={12} width="12%" />
          <Skeleton height={12} width="16%" />
          <Skeleton height={12} width="10%" />
        </div>
      ))}
    </div>
  );
}
