import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const AccountPage = lazy(async () => ({
  default: (await import("~/features/account/account-page")).AccountPage,
}));

/** Not part of the first load: it is opened a few times a year. */
export function AccountRoute() {
  const { refused } = useSearch({ from: "/signed-in/account" });
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <AccountPage refused={refused} />
    </Suspense>
  );
}
