import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const InboxPage = lazy(async () => ({
  default: (await import("~/features/notices/inbox-page")).InboxPage,
}));

const SettingsPage = lazy(async () => ({
  default: (await import("~/features/notices/settings-page")).SettingsPage,
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

export function InboxSettingsRoute() {
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <SettingsPage />
    </Suspense>
  );
}
