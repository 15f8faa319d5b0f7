import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  countViews,
  createView,
  deleteView,
  listViews,
  replaceView,
  starView,
  unstarView,
} from "~/api/generated/calls";
import type { SaveView } from "~/api/generated/model/save-view";
import { SaveViewSort } from "~/api/generated/model/save-view-sort";
import type { View } from "~/api/generated/model/view";
import type { ViewList } from "~/api/generated/model/view-list";
import { zone } from "~/lib/clock";

/** What a list shows, as its address says it. */
export type Asked = { q?: string; sort?: string; cols?: string };

export const viewsOptions = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => listViews({ signal }),
  staleTime: 30_000,
  refetchInterval: 120_000,
  refetchIntervalInBackground: false,
});

/** How many operations each starred and each team view holds; all of them in one question. */
export const viewCountsOptions = queryOptions({
  queryKey: ["views", "counts"],
  queryFn: async ({ signal }) => {
    const { items } = await countViews({ zone: zone() }, { signal });
    return new Map(items.map(({ id, count }) => [id, count]));
  },
  refetchInterval: 30_000,
  refetchIntervalInBackground: false,
  placeholderData: (before) => before,
  retry: false,
});

/** The list as its view keeps it. */
export function askedOf(view: View): Asked {
  return {
    ...(view.query ? { q: view.query } : {}),
    ...(view.sort ? { sort: view.sort } : {}),
    ...(view.columns ? { cols: view.columns.join(",") } : {}),
  };
}

const USUAL_SORT = "-created_at";

/** Whether the list shows something else than its view keeps. */
export function isChanged(view: View, asked: Asked): boolean {
  return (
    (asked.q ?? "").trim() !== view.query ||
    (asked.sort ?? USUAL_SORT) !== (view.sort ?? USUAL_SORT) ||
    (asked.cols ?? "") !== (view.columns?.join(",") ?? "")
  );
}

/** What is sent to keep this list, under the name and for the people given. */
export function contentOf(
  asked: Asked,
  kept: Pick<SaveView, "name" | "audience" | "role" | "density">,
): SaveView {
  const sort = Object.values(SaveViewSort).find((one) => one === asked.sort);
  return {
    ...kept,
    query: asked.q ?? "",
    ...(sort ? { sort } : {}),
    ...(asked.cols ? { columns: asked.cols.split(",") } : {}),
  };
}

/** Saves, deletes and stars; the list of views shows the answer at once. */
export function useViewActions() {
  const queryClient = useQueryClient();
  const reload = () => queryClient.invalidateQueries({ queryKey: viewsOptions.queryKey });
  const put = (view: View) => {
    queryClient.setQueryData<ViewList>(viewsOptions.queryKey, (before) => ({
      items: [...(before?.items ?? []).filter((one) => one.id !== view.id), view].sort((a, b) =>
        a.name.localeCompare(b.name),
      ),
    }));
    reload();
  };
  const create = useMutation({ mutationFn: (content: SaveView) => createView(content), onSuccess: put });
  const replace = useMutation({
    mutationFn: ({ view, content }: { view: View; content: SaveView }) =>
      replaceView(view.id, content, { headers: ifMatch(view) }),
    onSuccess: put,
    onError: reload,
  });
  const remove = useMutation({
    mutationFn: (view: View) => deleteView(view.id, { headers: ifMatch(view) }),
    onSuccess: (_, view) => {
      queryClient.setQueryData<ViewList>(viewsOptions.queryKey, (before) => ({
        items: (before?.items ?? []).filter((one) => one.id !== view.id),
      }));
      reload();
    },
    onError: reload,
  });
  const star = useMutation({
    mutationFn: (view: View) => (view.starred ? unstarView(view.id) : starView(view.id)),
    onMutate: (view) =>
      queryClient.setQueryData<ViewList>(viewsOptions.queryKey, (before) => ({
        items: (before?.items ?? []).map((one) =>
          one.id === view.id ? { ...one, starred: !view.starred } : one,
        ),
      })),
    onSettled: reload,
  });
  return { create, replace, remove, star };
}

function ifMatch(view: View): Record<string, string> {
  return { "If-Match": `"${view.version}"` };
}
