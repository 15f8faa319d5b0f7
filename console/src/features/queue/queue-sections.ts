import { useLingui } from "@lingui/react/macro";
import { queryOptions } from "@tanstack/react-query";
import { listOperations } from "~/api/generated/calls";
import { zone } from "~/lib/clock";
import { WORK_LISTS } from "~/lib/operation-rows";

const REFRESH_EVERY = 15_000;
const SHOWN_MAX = 25;

export type Section = {
  id: "held" | "assigned" | "free" | "snoozed";
  title: string;
  /** What it holds, in the query language: the number beside it opens this list. */
  q: string;
  nothing: string;
};

export function useSections(): readonly Section[] {
  const { t } = useLingui();
  return [
    {
      id: "held",
      title: t`Picked up by you`,
      q: "claimed_by:me",
      nothing: t`Nothing is in your hand.`,
    },
    {
      id: "assigned",
      title: t`Assigned to you`,
      q: "assignee:me is:open -is:snoozed -claimed_by:me",
      nothing: t`Nothing else is assigned to you.`,
    },
    {
      id: "free",
      title: t`Your teams', free`,
      q: "assignee:my_teams is:open -is:snoozed -is:claimed",
      nothing: t`Nothing waits for your teams.`,
    },
    {
      id: "snoozed",
      title: t`Snoozed`,
      q: "is:snoozed assignee:me,my_teams",
      nothing: t`Nothing is snoozed.`,
    },
  ];
}

export const sectionOptions = (section: Section) =>
  queryOptions({
    queryKey: [...WORK_LISTS, section.id],
    queryFn: ({ signal }) =>
      listOperations(
        { q: section.q, sort: "created_at", limit: SHOWN_MAX, count: "capped", zone: zone() },
        { signal },
      ),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });
