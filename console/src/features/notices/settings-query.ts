import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  changeMute,
  changeNoticeSettings,
  createSubscription,
  endSubscription,
  listMutes,
  listSubscriptions,
  readNoticeSettings,
} from "~/api/generated/calls";
import type { ChangeNoticeSettings } from "~/api/generated/model/change-notice-settings";
import type { NewSubscription } from "~/api/generated/model/new-subscription";
import type { NoticeSettings } from "~/api/generated/model/notice-settings";
import { zone } from "~/lib/clock";
import { INBOX } from "~/lib/inbox";

export const settingsOptions = queryOptions({
  queryKey: [...INBOX, "settings"],
  queryFn: ({ signal }) => readNoticeSettings({ signal }),
  // What was changed in another tab is seen on coming back to this one.
  refetchOnWindowFocus: "always",
});

export const mutesOptions = queryOptions({
  queryKey: [...INBOX, "mutes"],
  queryFn: ({ signal }) => listMutes({ signal }),
});

/** What the reader subscribes to beside the matrix. */
export const subscriptionsOptions = queryOptions({
  queryKey: [...INBOX, "subscriptions"],
  queryFn: ({ signal }) => listSubscriptions({}, { signal }),
});

/** Other lines or hours; what is not named stays, for another tab may have changed it. */
export function useChangeSettings() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: ChangeNoticeSettings) => changeNoticeSettings(change),
    onSuccess: (fresh) => queryClient.setQueryData(settingsOptions.queryKey, fresh),
  });
}

/** Until somebody chooses, days and quiet hours are those of the browser. */
export function zoneOf(settings: NoticeSettings): string {
  return settings.zone === "UTC" ? zone() : settings.zone;
}

/** What the reader mutes: operation:<id> and kind:<name>. */
export function useMuted(): ReadonlySet<string> {
  const { data } = useQuery(mutesOptions);
  return new Set(data?.items.map((one) => one.about));
}

export function useMute() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: { about: string; muted: boolean }) => changeMute(change),
    onSuccess: (fresh) => queryClient.setQueryData(mutesOptions.queryKey, fresh),
  });
}

export function useSubscribe() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wanted: NewSubscription) => createSubscription({ zone: zone(), ...wanted }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: subscriptionsOptions.queryKey }),
  });
}

export function useEndSubscription() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => endSubscription(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: subscriptionsOptions.queryKey }),
  });
}
