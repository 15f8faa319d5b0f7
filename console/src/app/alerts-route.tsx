import { lazy, Suspense } from "react";

const AlertsPage = lazy(async () => ({
  default: (await import("~/features/alerts/alerts-page")).AlertsPage,
}));

/** What is out of the ordinary. */
export function AlertsRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <AlertsPage />
    </Suspense>
  );
}
