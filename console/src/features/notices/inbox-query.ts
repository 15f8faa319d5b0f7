import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { changeNotices, listNotices } from "~/api/generated/calls";
import type { ChangeNotices } from "~/api/generated/model/change-notices";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { badgeOptions, INBOX } from "~/lib/inbox";

const SHOWN_MAX = 100;

/** A part of the inbox, by operation, the latest first. */
export const inboxOptions = (tab: NoticeTab) =>
  queryOptions({
    queryKey: [...INBOX, "list", tab],
    queryFn: ({ signal }) => listNotices({ tab, limit: SHOWN_MAX }, { signal }),
  });

/** Changes what became of notices; what is shown afterwards is what the server says. */
export function useChangeNotices() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: ChangeNotices) => changeNotices(change),
    onSuccess: ({ badge }) => {
      queryClient.setQueryData(badgeOptions.queryKey, badge);
      return queryClient.invalidateQueries({ queryKey: [...INBOX, "list"] });
    },
  });
}
