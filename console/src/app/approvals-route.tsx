import { lazy, Suspense } from "react";

const ApprovalsInbox = lazy(async () => ({
  default: (await import("./approvals-inbox")).ApprovalsInbox,
}));

/** Not part of the first load: most readers come for the list. */
export function ApprovalsRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <ApprovalsInbox />
    </Suspense>
  );
}
