import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { readView } from "~/api/generated/calls";
import type { View } from "~/api/generated/model/view";
import { isProblem } from "~/api/problem";
import { usePreferences } from "~/lib/preferences";
import { type Asked, askedOf, viewsOptions } from "./saved-views";

type Opened = {
  view: View | null;
  /** The address names a view only, and what it keeps is not there yet. */
  isFilling: boolean;
  /** Deleted, or never for this reader. */
  isMissing: boolean;
};

/** The view that the address names. An address with nothing but a view gets everything the view keeps. */
export function useOpenedView(id: string | undefined, asked: Asked, onAsk: (asked: Asked) => void): Opened {
  const { data: views } = useQuery({ ...viewsOptions, enabled: id !== undefined });
  // Asked for by itself when it is opened: so the server knows which views are in use, and a link works at once.
  const { data: read, error } = useQuery({
    queryKey: ["views", "opened", id],
    queryFn: ({ signal }) => readView(id ?? "", { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const listed = views?.items.find((view) => view.id === id);
  const view = id === undefined ? null : (listed ?? (views ? null : (read ?? null)));
  const isMissing = id !== undefined && (isProblem(error, "not_found") || (views !== undefined && !listed));
  const isEmptyAddress = asked.q === undefined && asked.sort === undefined && asked.cols === undefined;
  const isFilling = id !== undefined && isEmptyAddress && !isMissing && (view === null || view.query !== "");
  useEffect(() => {
    if (isFilling && view) onAsk(askedOf(view));
  });
  useViewDensity(view);
  return { view: isMissing ? null : view, isFilling, isMissing };
}

/** A view may keep a row height; the reader's own is back when it is left. */
function useViewDensity(view: View | null): void {
  const { density } = usePreferences();
  const kept = view?.density;
  useEffect(() => {
    if (!kept) return;
    document.documentElement.dataset.density = kept;
    return () => {
      document.documentElement.dataset.density = density;
    };
  }, [kept, density]);
}
