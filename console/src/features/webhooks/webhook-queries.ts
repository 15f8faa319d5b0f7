import { useLingui } from "@lingui/react/macro";
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  listEndpointDeliveries,
  listEndpoints,
  readEndpoint,
  readEndpointDelivery,
} from "~/api/generated/calls";
import type { DeliveryState } from "~/api/generated/model/delivery-state";
import type { Endpoint } from "~/api/generated/model/endpoint";
import type { EndpointAttempt } from "~/api/generated/model/endpoint-attempt";
import type { EndpointSort } from "~/api/generated/model/endpoint-sort";
import { useAnnounce } from "~/lib/announce";
import { type Group, groupsOf } from "./told-of";

const EVERY = 5_000;
const PAGE = 50;
const fresh = { refetchInterval: EVERY, refetchIntervalInBackground: false } as const;

export const endpointsOptions = queryOptions({
  queryKey: ["endpoints"],
  queryFn: ({ signal }) => listEndpoints({ signal }),
  ...fresh,
});

export const endpointOptions = (id: string) =>
  queryOptions({
    queryKey: ["endpoints", id],
    queryFn: ({ signal }) => readEndpoint(id, { signal }),
    ...fresh,
  });

export const deliveriesOptions = (id: string, state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: ["endpoints", id, "deliveries", state ?? ""],
    queryFn: ({ pageParam, signal }) =>
      listEndpointDeliveries(
        id,
        { limit: PAGE, ...(state ? { state } : {}), ...(pageParam ? { before: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.before,
    ...fresh,
  });

export const deliveryOptions = (id: string, number: number) =>
  queryOptions({
    queryKey: ["endpoints", id, "delivery", number],
    queryFn: ({ signal }) => readEndpointDelivery(id, number, { signal }),
    ...fresh,
  });

/** A change of endpoints: what it came to is told, and everything about them is read anew. */
export function useChange<Sent, Answer>(
  change: (sent: Sent) => Promise<Answer>,
  done: (answer: Answer, sent: Sent) => string | null,
  onDone?: (answer: Answer) => void,
) {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer, sent) => {
      queryClient.invalidateQueries({ queryKey: ["endpoints"] });
      const words = done(answer, sent);
      if (words) announce(words);
      onDone?.(answer);
    },
  });
}

export function useStateWord(): (state: DeliveryState) => string {
  const { t } = useLingui();
  const words: Record<DeliveryState, string> = {
    done: t`Delivered`,
    waiting: t({ message: "Pending", context: "a delivery" }),
    failed: t({ message: "Given up", context: "a delivery" }),
    dropped: t`Withheld`,
  };
  return (state) => words[state];
}

/** How an endpoint fares, in words. */
export function useHealthWord(): (endpoint: Endpoint) => string {
  const { t } = useLingui();
  return (endpoint) => {
    switch (endpoint.why_off) {
      case "by_hand":
        return t`Switched off`;
      case "gone":
        return t`Off: it answered 410, gone`;
      case "failing":
        return t`Off: nothing arrived for three days`;
      case "owner":
        return t`Off: its owner may not act any more`;
      default:
        return endpoint.failing_since ? t`Failing` : t`Active`;
    }
  };
}

/** What an attempt came to: the status of the answer, or why there was none. */
export function useAnswerWord(): (attempt: EndpointAttempt) => string {
  const { t } = useLingui();
  return ({ status, failure }) => {
    switch (failure) {
      case null:
        return status === null ? "–" : String(status);
      case "forbidden_destination":
        return t`not a permitted address`;
      case "unresolved":
        return t`no such name`;
      case "unreachable":
        return t`no connection`;
      case "tls":
        return t`no secure connection`;
      case "timeout":
        return t`no answer in time`;
      default:
        return t`the answer broke off`;
    }
  };
}

/** What each group of entries is called. */
export function useGroupWords(): Readonly<Record<Group, string>> {
  const { t } = useLingui();
  return {
    changes: t`Changes of operations`,
    limits: t`Time limits: warned of, passed, or no sign of life`,
    approvals: t`Approvals that are asked for, and what becomes of them`,
    reports: t`Reports that contradict, or that nobody understands`,
  };
}

/** What stands where an endpoint leads. */
export function useSortWord(): (sort: EndpointSort) => string {
  const { t } = useLingui();
  const words: Record<EndpointSort, string> = {
    webhook: t`Webhook`,
    slack: t`Slack room`,
    teams: t`Teams room`,
    apprise: t`Another service`,
  };
  return (sort) => words[sort];
}

/** What an endpoint is told of, in a few words; sorts of entries that have none by their own names. */
export function useToldWord(): (endpoint: Endpoint) => string {
  const { t } = useLingui();
  const words: Record<Group, string> = {
    changes: t`changes`,
    limits: t`time limits`,
    approvals: t`approvals`,
    reports: t`odd reports`,
  };
  return ({ alerts, entries }) => {
    const told = [...groupsOf(entries)].map((group) => words[group]);
    const named = told.length > 0 ? told : entries;
    return [...(alerts ? [t`alerts and incidents`] : []), ...named].join(", ") || "–";
  };
}
