import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const AlertsPage = lazy(async () => ({
  default: (await import("~/features/alerts/alerts-page")).AlertsPage,
}));
const IncidentPage = lazy(async () => ({
  default: (await import("~/features/alerts/incident-page")).IncidentPage,
}));

/** What is out of the ordinary, and what is wrong outside. */
export function AlertsRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <AlertsPage />
    </Suspense>
  );
}

/** One incident. */
export function IncidentRoute() {
  const { id } = useParams({ from: "/signed-in/incidents/$id" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <IncidentPage key={id} id={id} />
    </Suspense>
  );
}
