import { zone } from "~/lib/clock";

/** A report as its address says it. */
export type ReportSearch = {
  period?: string;
  from?: string;
  to?: string;
  bucket?: string;
  zone?: string;
  compare?: string;
  q?: string;
  table?: string;
};

export const PERIODS = ["today", "7d", "30d", "90d", "month", "last-month", "year", "own"] as const;
export type Period = (typeof PERIODS)[number];

export const BUCKETS = ["auto", "hour", "day", "week", "month", "quarter"] as const;

export function asPeriod(search: ReportSearch): Period {
  if (search.from || search.to) return "own";
  return PERIODS.find((one) => one === search.period) ?? "30d";
}

export function zoneOf(search: ReportSearch): string {
  return search.zone || zone();
}

/** The first day and the day after the last, as calendar days of the reader: what is asked of the server. */
export function daysOf(search: ReportSearch, now = new Date()): { from: string; to: string } {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const tomorrow = dayText(new Date(year, month, day + 1));
  const back = (days: number) => ({ from: dayText(new Date(year, month, day - days + 1)), to: tomorrow });
  switch (asPeriod(search)) {
    case "own":
      return { from: search.from || back(30).from, to: search.to ? nextDay(search.to) : tomorrow };
    case "today":
      return back(1);
    case "7d":
      return back(7);
    case "90d":
      return back(90);
    case "month":
      return { from: dayText(new Date(year, month, 1)), to: tomorrow };
    case "last-month":
      return { from: dayText(new Date(year, month - 1, 1)), to: dayText(new Date(year, month, 1)) };
    case "year":
      return { from: dayText(new Date(year - 1, month, day + 1)), to: tomorrow };
    default:
      return back(30);
  }
}

function dayText(day: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function nextDay(text: string): string {
  const [year = 1970, month = 1, day = 1] = text.split("-").map(Number);
  return dayText(new Date(year, month - 1, day + 1));
}
