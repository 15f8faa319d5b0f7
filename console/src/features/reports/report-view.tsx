import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { useWaitedLong } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { FailedFace } from "~/ui/faces";
import { chartOf } from "./chart-of";
import type { ChartSpec } from "./chart-spec";
import type { Report } from "./report-model";
import { reportOptions } from "./report-query";
import type { ReportSearch } from "./report-search";
import { ReportTable } from "./report-table";
import styles from "./reports.module.css";
import { useReportWords } from "./use-report-words";

const Chart = lazy(async () => ({ default: (await import("./chart")).Chart }));

type Props = { name: string; title: string; search: ReportSearch; onSearch: (changes: ReportSearch) => void };

/** One report: its chart, the same as a table, how it is computed, and as of when. */
export function ReportView({ name, title, search, onSearch }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const words = useReportWords();
  const { data: report, error, isPending, refetch } = useQuery(reportOptions(name, search));
  const waiting = useWaitedLong(isPending);
  const spec = useMemo(() => (report ? chartOf(report, words) : null), [report, words]);
  const asTable = search.table === "1" || spec === null;
  if (error && !report) return <FailedFace error={error} onRetry={() => refetch()} />;
  if (!report) return <p className={styles.waiting}>{waiting ? t`Counting…` : ""}</p>;
  return (
    <section aria-labelledby="report-title" className={styles.report}>
      <div className={styles.reportHead}>
        <h2 id="report-title" className={styles.reportTitle}>
          {title}
        </h2>
        {spec ? (
          <Button
            size="xs"
            variant="default"
            aria-pressed={asTable}
            onClick={() => onSearch({ table: asTable ? undefined : "1" })}
          >
            <Trans>Show as a table</Trans>
          </Button>
        ) : null}
      </div>
      {report.rows.length === 0 ? (
        <p className={styles.none}>
          <Trans>Nothing happened in this period that fits the filter.</Trans>
        </p>
      ) : asTable || !spec ? (
        <ReportTable report={report} words={words} title={title} />
      ) : (
        <Suspense fallback={<div style={{ height: heightOf(spec) }} />}>
          <Chart
            spec={spec}
            label={t`Chart: ${title}. “Show as a table” says the same in numbers.`}
            height={heightOf(spec)}
            onPick={(mark) => {
              if (mark.q !== null) navigate({ to: "/operations", search: { q: mark.q } });
            }}
          />
        </Suspense>
      )}
      <Stamp report={report} />
    </section>
  );
}

/** How it is computed, as of when, and in whose days. */
function Stamp({ report }: { report: Report }) {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  const { position, zone, from, to } = report;
  const days = from && to ? daysText(from, to, zone, locale) : null;
  return (
    <footer className={styles.stamp}>
      {report.definition ? (
        <details>
          <summary>
            <Trans>How it is computed</Trans>
          </summary>
          <p>{report.definition}</p>
        </details>
      ) : null}
      {report.partial ? (
        <p>
          <strong>
            <Trans>Part of it: the filter had to read each operation, and reading stopped at a bound.</Trans>
          </strong>
        </p>
      ) : null}
      <p>
        {days ? `${days} · ` : ""}
        {t`days of ${zone}`}
        {position ? ` · ${t`journal position ${position}`}` : ""}
      </p>
    </footer>
  );
}

/** From the first day to the last one that is in it. */
function daysText(from: string, to: string, zone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: zone });
  return format.formatRange(new Date(from), new Date(Date.parse(to) - 1));
}

function heightOf(spec: ChartSpec): number {
  if (spec.sort === "heat") return 300;
  if (spec.sort === "flow") return 460;
  return spec.lying ? Math.max(180, 60 + spec.categories.length * (spec.series.length > 1 ? 40 : 28)) : 340;
}
