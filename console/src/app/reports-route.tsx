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
        onName={(chosen) => go(chosen, search, false)}
      />
    </Suspense>
  );
}
