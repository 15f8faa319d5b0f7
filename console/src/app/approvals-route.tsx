import { lazy, Suspense } from "react";

const ApprovalsPage = lazy(async () => ({
  default: (await import("~/features/approvals/approvals-page")).ApprovalsPage,
}));

/** Not part of the first load: most readers come for the list. */
export function ApprovalsRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <ApprovalsPage />
    </Suspense>
  );
}
