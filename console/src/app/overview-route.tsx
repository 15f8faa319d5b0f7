import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const OverviewPage = lazy(async () => ({
  default: (await import("~/features/overview/overview-page")).OverviewPage,
}));

export function OverviewRoute() {
  const { period } = useSearch({ from: "/signed-in/overview" });
  const navigate = useNavigate();
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <OverviewPage
        period={period}
        onPeriod={(chosen) => navigate({ to: "/overview", search: { period: chosen }, replace: true })}
      />
    </Suspense>
  );
}
