import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { countSignals, listSignals, listSources, readSignal } from "~/api/generated/calls";
import type { SignalState } from "~/api/generated/model/signal-state";

const REFRESH_EVERY = 5_000;
const PAGE = 50;

/** Which signals the inbox shows; `refused` instead shows what was not believed. */
export type SignalsSearch = { state?: SignalState | "refused"; source?: string; operation?: string };

export const countsOptions = (source: string | undefined) =>
  queryOptions({
    queryKey: ["signals", "counts", source ?? ""],
    queryFn: ({ signal }) => countSignals(source ? { source } : {}, { signal }),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });

type Listed = { state: SignalState | undefined; source: string | undefined; operation: string | undefined };

export const signalsOptions = ({ state, source, operation }: Listed) =>
  infiniteQueryOptions({
    queryKey: ["signals", "list", state ?? "", source ?? "", operation ?? ""],
    queryFn: ({ pageParam, signal }) =>
      listSignals(
        {
          limit: PAGE,
          ...(state ? { state } : {}),
          ...(source ? { source } : {}),
          ...(operation ? { operation } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });

export const signalOptions = (source: string, id: string) =>
  queryOptions({
    queryKey: ["signals", "one", source, id],
    queryFn: ({ signal }) => readSignal(source, id, { signal }),
    // What is to be read anew is read by the worker within a second.
    refetchInterval: ({ state }) =>
      state.data?.state === "received" || state.data?.state === "parked" ? 1_000 : false,
  });

export const sourcesOptions = queryOptions({
  queryKey: ["signals", "sources"],
  queryFn: ({ signal }) => listSources({ signal }),
});
