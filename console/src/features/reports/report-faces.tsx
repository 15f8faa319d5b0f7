import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Problem } from "~/api/problem";
import { EmptyFace } from "~/ui/empty-face";
import { Face } from "~/ui/faces";
import { anyOperationOptions } from "./report-query";
import { isOfNow, type ReportSearch, widerPeriod } from "./report-search";
import styles from "./reports.module.css";

type EmptyProps = { name: string; search: ReportSearch; onSearch: (changes: ReportSearch) => void };

/** Nothing was counted: how to look wider, or, where there is nothing at all, how to begin. */
export function EmptyPeriodFace({ name, search, onSearch }: EmptyProps) {
  const { data: any } = useQuery(anyOperationOptions);
  if (any === false) return <EmptyFace />;
  const ofNow = isOfNow(name, search);
  const wider = ofNow ? null : widerPeriod(search);
  return (
    <div className={styles.faces}>
      <p>
        {ofNow ? (
          <Trans>Nothing is open that fits the filter.</Trans>
        ) : (
          <Trans>Nothing happened in this period that fits the filter.</Trans>
        )}
      </p>
      <div className={styles.actions}>
        {wider ? (
          <Button
            size="xs"
            variant="default"
            onClick={() => onSearch({ period: wider, from: undefined, to: undefined })}
          >
            <Wider period={wider} />
          </Button>
        ) : null}
        {search.q ? (
          <Button size="xs" variant="default" onClick={() => onSearch({ q: undefined })}>
            <Trans>Clear the filter</Trans>
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Wider({ period }: { period: string }) {
  switch (period) {
    case "7d":
      return <Trans>Look at 7 days</Trans>;
    case "30d":
      return <Trans>Look at 30 days</Trans>;
    case "90d":
      return <Trans>Look at 90 days</Trans>;
    default:
      return <Trans>Look at 12 months</Trans>;
  }
}

/** A report that the reader's roles don't open, and whose do. */
export function ForbiddenFace({ problem }: { problem: Problem }) {
  const { t } = useLingui();
  return (
    <div role="alert">
      <Face title={t`Your roles do not open this report`}>
        <p lang="en">{problem.detail}</p>
        <p>
          <Trans>An administrator can grant one of these roles.</Trans>
        </p>
      </Face>
    </div>
  );
}
