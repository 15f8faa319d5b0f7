import { queryOptions } from "@tanstack/react-query";
import { listOwnSessions, readAccount } from "~/api/generated/calls";

/** How the reader signs in. */
export const accountOptions = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => readAccount({ signal }),
});

/** Where the reader is signed in. */
export const ownSessionsOptions = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: ({ signal }) => listOwnSessions({ signal }),
});
