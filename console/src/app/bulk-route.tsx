import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const BulkPage = lazy(async () => ({
  default: (await import("~/features/bulk/bulk-page")).BulkPage,
}));
const BulkJobPage = lazy(async () => ({
  default: (await import("~/features/bulk/bulk-job-page")).BulkJobPage,
}));

/** The bulk jobs. */
export function BulkRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <BulkPage />
    </Suspense>
  );
}

/** One of them. */
export function BulkJobRoute() {
  const { id } = useParams({ from: "/signed-in/bulk/$id" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <BulkJobPage key={id} id={id} />
    </Suspense>
  );
}
