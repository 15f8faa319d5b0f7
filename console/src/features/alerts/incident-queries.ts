import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { listIncidents, listOperations, readIncident } from "~/api/generated/calls";
import type { Incident } from "~/api/generated/model/incident";
import { alertsOptions } from "~/lib/alerts";
import { useAnnounce } from "~/lib/announce";
import { zone } from "~/lib/clock";

const LOOK_EVERY = 5_000;
const fresh = { refetchInterval: LOOK_EVERY, refetchIntervalInBackground: false } as const;

/** Every incident that may be seen, the open ones first. */
export const incidentsOptions = queryOptions({
  queryKey: ["incidents"],
  queryFn: ({ signal }) => listIncidents({}, { signal }),
  ...fresh,
});

/** One incident with its history. */
export const incidentOptions = (id: string) =>
  queryOptions({
    queryKey: ["incidents", id],
    queryFn: ({ signal }) => readIncident(id, { signal }),
    ...fresh,
  });

/** How many of the operations that a query finds are under way, as their list would say. */
export const underWayOptions = (q: string) =>
  queryOptions({
    queryKey: ["incidents", "under way", q],
    queryFn: async ({ signal }) => {
      const about = { q: `(${q}) status:pending`, limit: 1, count: "capped", zone: zone() } as const;
      return (await listOperations(about, { signal })).count ?? null;
    },
    enabled: q !== "",
    retry: false,
  });

/** An act on incidents: what it came to is told, and incidents and alerts are read anew. */
export function useAct<Sent>(
  act: (sent: Sent) => Promise<Incident>,
  words: (incident: Incident) => string,
  onDone?: (incident: Incident) => void,
) {
  const client = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: act,
    onSuccess: async (incident) => {
      announce(words(incident));
      await Promise.all([
        client.invalidateQueries({ queryKey: incidentsOptions.queryKey }),
        client.invalidateQueries({ queryKey: alertsOptions.queryKey }),
      ]);
      onDone?.(incident);
    },
  });
}
