import { queryOptions } from "@tanstack/react-query";
import { countOperations, listOperations } from "~/api/generated/calls";
import type { Count } from "~/api/generated/model/count";
import { zone } from "~/lib/clock";

export const PERIODS = ["1", "7", "30"] as const;

/** In days, today among them. */
export type Period = (typeof PERIODS)[number];

export function asPeriod(text: string | undefined): Period {
  return PERIODS.find((one) => one === text) ?? "7";
}

/** The day on which a period begins, where the reader is: `2026-11-17`. */
export function firstDay(period: Period, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (Number(period) - 1));
  const two = (number: number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

const FRESH = { refetchInterval: 30_000, refetchIntervalInBackground: false, retry: false } as const;

/** How many operations a filter holds, as its list would say. */
export const countOptions = (q: string) =>
  queryOptions({
    queryKey: ["overview", "count", q],
    queryFn: async ({ signal }) => {
      const page = await listOperations({ q, limit: 1, count: "capped", zone: zone() }, { signal });
      return page.count ?? null;
    },
    placeholderData: (before) => before,
    ...FRESH,
  });

export const countsByOptions = (q: string, by: string) =>
  queryOptions({
    queryKey: ["overview", "counts", q, by],
    queryFn: ({ signal }) => countOperations({ q, by, zone: zone() }, { signal }),
    placeholderData: (before) => before,
    ...FRESH,
  });

export const oldestOptions = (q: string) =>
  queryOptions({
    queryKey: ["overview", "oldest", q],
    queryFn: async ({ signal }) => {
      const page = await listOperations({ q, limit: 1, sort: "created_at", zone: zone() }, { signal });
      return page.items[0] ?? null;
    },
    placeholderData: (before) => before,
    ...FRESH,
  });

export function sumOf(items: readonly Count[], fits: (one: Count) => boolean = () => true): number {
  return items.filter(fits).reduce((sum, one) => sum + one.count, 0);
}
