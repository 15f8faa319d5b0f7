import { queryOptions } from "@tanstack/react-query";
import { listAlerts } from "~/api/generated/calls";

const LOOK_EVERY = 15_000;

/** Every alert that may be seen, the open ones first. */
export const alertsOptions = queryOptions({
  queryKey: ["alerts"],
  queryFn: ({ signal }) => listAlerts({}, { signal }),
  refetchInterval: LOOK_EVERY,
  refetchIntervalInBackground: false,
});
