import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { listIncidents, readIncident } from "~/api/generated/calls";
import type { Incident } from "~/api/generated/model/incident";
import { alertsOptions } from "~/lib/alerts";
import { useAnnounce } from "~/lib/announce";

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
