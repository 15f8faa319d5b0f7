import { type InfiniteData, infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { changeNotices, listNotices } from "~/api/generated/calls";
import type { ChangeNotices } from "~/api/generated/model/change-notices";
import type { NoticeGroup } from "~/api/generated/model/notice-group";
import type { NoticeInbox } from "~/api/generated/model/notice-inbox";
import type { NoticeTab } from "~/api/generated/model/notice-tab";
import { badgeOptions, INBOX } from "~/lib/inbox";

const PAGE = 100;

/** A part of the inbox, by operation, the latest first; further back as far as somebody asks. */
export const inboxOptions = (tab: NoticeTab) =>
  infiniteQueryOptions({
    queryKey: [...INBOX, "list", tab],
    queryFn: ({ pageParam, signal }) =>
      listNotices({ tab, limit: PAGE, ...(pageParam ? { before: pageParam } : {}) }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.before,
    select: grouped,
  });

/** Each operation once, where it was told of last: what is older of it comes on a later page. */
function grouped({ pages }: InfiniteData<NoticeInbox>): NoticeGroup[] {
  const groups = new Map<string, NoticeGroup>();
  for (const group of pages.flatMap((page) => page.items)) {
    const { id } = group.operation;
    const begun = groups.get(id);
    groups.set(id, begun ? { ...begun, notices: [...begun.notices, ...group.notices] } : group);
  }
  return [...groups.values()];
}

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
