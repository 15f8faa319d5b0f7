import { useQuery } from "@tanstack/react-query";
import { isProblem } from "~/api/problem";
import { useWaitedLong } from "~/lib/clock";
import { FailedFace } from "~/ui/faces";
import { InvalidQueryFace } from "~/ui/invalid-query-face";
import { ThinBar } from "~/ui/thin-bar";
import { ReportBody } from "./report-body";
import { EmptyPeriodFace, ForbiddenFace } from "./report-faces";
import { isEmpty, kindsIn, ofKind, type Report } from "./report-model";
import { reportOptions } from "./report-query";
import { isOfNow, type ReportSearch } from "./report-search";
import { ReportSkeleton } from "./report-skeleton";
import { ReportStamp } from "./report-stamp";
import { ALL, ReportChoices, ReportKeeping } from "./report-tools";
import styles from "./reports.module.css";
import { useReportWords } from "./use-report-words";

type Props = { name: string; title: string; search: ReportSearch; onSearch: (changes: ReportSearch) => void };

/** One report: its chart, the same as a table, how it is computed, and as of when. */
export function ReportView({ name, title, search, onSearch }: Props) {
  const words = useReportWords();
  const { data, error, isPending, isFetching, refetch } = useQuery(reportOptions(name, search));
  const waiting = useWaitedLong(isPending);
  const renewing = useWaitedLong(isFetching && !isPending);
  if (isProblem(error, "invalid_query"))
    return (
      <InvalidQueryFace q={search.q ?? ""} problem={error} onQuery={(q) => onSearch({ q: q || undefined })} />
    );
  if (isProblem(error, "forbidden")) return <ForbiddenFace problem={error} />;
  if (error && !data) return <FailedFace error={error} onRetry={() => refetch()} />;
  const kind = data ? kindShown(data, search) : null;
  const report = data && kind !== null ? ofKind(data, kind) : data;
  const onlyTable = name === "summary" || (name === "ways" && kind === null);
  const asTable = search.table === "1" || (onlyTable && name !== "summary");
  return (
    <section aria-labelledby="report-title" className={styles.report}>
      <div className={styles.reportHead}>
        <h2 id="report-title" className={styles.reportTitle}>
          {title}
        </h2>
        {data ? (
          <ReportChoices
            report={data}
            kind={kind}
            asTable={asTable}
            onlyTable={onlyTable && name !== "summary"}
            search={search}
            onSearch={onSearch}
            words={words}
          />
        ) : null}
      </div>
      <ThinBar shown={renewing} />
      {!report ? (
        waiting ? (
          <ReportSkeleton name={name} />
        ) : null
      ) : isEmpty(report) ? (
        <EmptyPeriodFace name={name} search={search} onSearch={onSearch} />
      ) : (
        <ReportBody report={report} words={words} title={title} asTable={asTable} measure={search.measure} />
      )}
      {report ? (
        <div className={styles.foot}>
          <ReportStamp report={report} ofNow={isOfNow(name, search)} />
          <ReportKeeping name={name} title={title} search={search} to={report.to} />
        </div>
      ) : null}
    </section>
  );
}

/** The type that is chosen; for ways the busiest, unless all are asked for: one drawing holds one type. */
function kindShown(report: Report, search: ReportSearch): string | null {
  const kinds = kindsIn(report);
  const chosen = kinds.find((one) => one === search.kind);
  if (chosen) return chosen;
  return report.name === "ways" && search.kind !== ALL ? (kinds[0] ?? null) : null;
}
