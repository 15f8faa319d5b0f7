import { useLingui } from "@lingui/react/macro";
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { chartOf } from "./chart-of";
import type { ChartSpec } from "./chart-spec";
import { ReportCards } from "./report-cards";
import type { Report } from "./report-model";
import { ReportTable } from "./report-table";
import styles from "./reports.module.css";
import type { ReportWords } from "./use-report-words";

const Chart = lazy(async () => ({ default: (await import("./chart")).Chart }));

type Props = {
  report: Report;
  words: ReportWords;
  title: string;
  asTable: boolean;
  measure: string | undefined;
};

/** What a report says, as cards, as a chart, or as a table. */
export function ReportBody({ report, words, title, asTable, measure }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const narrow = useMediaQuery("(max-width: 699px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const spec = useMemo(
    () => (asTable ? null : chartOf(report, words, { measure, narrow })),
    [asTable, report, words, measure, narrow],
  );
  if (!asTable && report.name === "summary") return <ReportCards report={report} words={words} />;
  if (!spec) return <ReportTable report={report} words={words} title={title} />;
  const { drawn } = spec;
  return (
    <>
      <Suspense fallback={<div style={{ height: heightOf(spec) }} />}>
        <Chart
          spec={spec}
          label={t`Chart: ${title}. “Show as a table” says the same in numbers.`}
          height={heightOf(spec)}
          onPick={({ q }) => {
            if (q !== null) navigate({ to: "/operations", search: { q, as_of: report.position } });
          }}
        />
      </Suspense>
      {drawn ? (
        <p className={styles.drawn}>{t`Drawn: ${drawn.count} of ${drawn.of}. The table has them all.`}</p>
      ) : null}
    </>
  );
}

function heightOf(spec: ChartSpec): number {
  if (spec.sort === "heat") return 300;
  if (spec.sort === "flow") return Math.min(560, Math.max(220, spec.nodes.length * 44));
  if (!spec.lying) return 340;
  const bars = spec.series.filter((series) => series.as === "bar" && !series.stack).length || 1;
  return Math.max(160, 60 + spec.categories.length * (14 + bars * 14));
}
