import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { ReportSearch } from "~/features/reports/report-search";

const ReportsPage = lazy(async () => ({
  default: (await import("~/features/reports/reports-page")).ReportsPage,
}));

/** The reports are read by few and weigh much: they come when they are asked for. */
export function ReportsRoute() {
  const { name } = useParams({ strict: false });
  const search = useSearch({ strict: false }) as ReportSearch;
  const navigate = useNavigate();
  const go = (chosen: string | undefined, wanted: ReportSearch, replace: boolean) =>
    chosen
      ? navigate({ to: "/reports/$name", params: { name: chosen }, search: wanted, replace })
      : navigate({ to: "/reports", search: wanted, replace });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <ReportsPage
        name={name}
        search={search}
        onSearch={(changes) => go(name, { ...search, ...changes }, true)}
        onName={(chosen) => {
          const { measure: _measure, kind: _kind, ...others } = search;
          go(chosen, others, false);
        }}
      />
    </Suspense>
  );
}

const FrozenReportsPage = lazy(async () => ({
  default: (await import("~/features/reports/frozen-reports-page")).FrozenReportsPage,
}));
const FrozenReportPage = lazy(async () => ({
  default: (await import("~/features/reports/frozen-report-page")).FrozenReportPage,
}));

/** What was frozen. */
export function FrozenReportsRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <FrozenReportsPage />
    </Suspense>
  );
}

/** One frozen report with its corrections. */
export function FrozenReportRoute() {
  const { id } = useParams({ from: "/signed-in/frozen-reports/$id" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <FrozenReportPage key={id} id={id} />
    </Suspense>
  );
}
