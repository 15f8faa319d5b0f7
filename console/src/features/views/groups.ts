import { useLingui } from "@lingui/react/macro";
import type { View } from "~/api/generated/model/view";

export type ViewGroup = { name: string; views: readonly View[] };

/** Starred, the teams', and the others: people look at the first, and find the rest when they need it. */
export function useViewGroups(views: readonly View[]): readonly ViewGroup[] {
  const { t } = useLingui();
  const others = views.filter((view) => !view.starred);
  return [
    { name: t`Starred`, views: views.filter((view) => view.starred) },
    { name: t`Team`, views: others.filter((view) => view.audience === "team") },
    { name: t`Other`, views: others.filter((view) => view.audience !== "team") },
  ].filter((group) => group.views.length > 0);
}
