import { queryOptions } from "@tanstack/react-query";
import { listDelegations, listOwnSessions, readAccount } from "~/api/generated/calls";

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

/** Who consents in the reader's name, and in whose the reader does. */
export const delegationsOptions = queryOptions({
  queryKey: ["account", "delegations"],
  queryFn: ({ signal }) => listDelegations({}, { signal }),
});
