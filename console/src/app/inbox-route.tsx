import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const InboxPage = lazy(async () => ({
  default: (await import("~/features/notices/inbox-page")).InboxPage,
}));

/** Not part of the first load, as the other pages beside the list. */
export function InboxRoute() {
  const { tab } = useSearch({ from: "/signed-in/inbox" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <InboxPage tab={tab ?? "unread"} />
    </Suspense>
  );
}
