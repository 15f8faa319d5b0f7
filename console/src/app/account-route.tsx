import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { sessionOptions } from "~/lib/session";

const AccountPage = lazy(async () => ({
  default: (await import("~/features/account/account-page")).AccountPage,
}));

/** Not part of the first load: it is opened a few times a year. */
export function AccountRoute() {
  const { refused } = useSearch({ from: "/signed-in/account" });
  const { data: session } = useQuery(sessionOptions);
  return (
    <Suspense fallback={<main aria-busy="true" />}>
      <AccountPage
        refused={refused}
        lacksFactor={session?.lacks_factor ?? false}
        madePassword={session?.made_password ?? false}
      />
    </Suspense>
  );
}
