import { zone } from "~/lib/clock";

/** A report as its address says it. */
export type ReportSearch = {
  period?: string;
  from?: string;
  to?: string;
  bucket?: string;
  zone?: string;
  compare?: string;
  include?: string;
  q?: string;
  /** How it is shown: as a table, one type of it, one measure of it. */
  table?: string;
  kind?: string;
  measure?: string;
};

export const PERIODS = ["today", "7d", "30d", "90d", "month", "last-month", "year", "own"] as const;
export type Period = (typeof PERIODS)[number];

export const BUCKETS = ["auto", "hour", "day", "week", "month", "quarter"] as const;

const BUCKETED = new Set(["statuses", "flow", "durations", "targets"]);

/** Whether a report goes step by step through its period. */
export function hasSteps(name: string | undefined): boolean {
  return name === undefined || BUCKETED.has(name);
}

/** Whether a report tells what stands now, so that no period matters. */
export function isOfNow(name: string | undefined, search: Pick<ReportSearch, "include">): boolean {
  return name === "ageing" || name === "deadlines" || (hasOpen(name) && search.include === "open");
}

/** Whether a report tells what is over apart from what goes on. */
export function hasOpen(name: string | undefined): boolean {
  return name === "stages" || name === "targets";
}

export function asPeriod(search: ReportSearch): Period {
  if (search.from || search.to) return "own";
  return PERIODS.find((one) => one === search.period) ?? "30d";
}

const WIDER: Partial<Record<Period, Period>> = {
  today: "7d",
  "7d": "30d",
  "30d": "90d",
  month: "90d",
  "last-month": "90d",
  "90d": "year",
  own: "year",
};

/** The next longer period, where there is one. */
export function widerPeriod(search: ReportSearch): Period | null {
  return WIDER[asPeriod(search)] ?? null;
}

export function zoneOf(search: ReportSearch): string {
  return search.zone || zone();
}

/** The first day and the day after the last, as calendar days of the chosen zone: what is asked of the server. */
export function daysOf(search: ReportSearch, now = new Date()): { from: string; to: string } {
  const today = dayIn(zoneOf(search), now);
  const tomorrow = shifted(today, 1);
  const back = (days: number) => ({ from: shifted(today, 1 - days), to: tomorrow });
  const [year = 1970, month = 1, day = 1] = today.split("-").map(Number);
  switch (asPeriod(search)) {
    case "own":
      return { from: search.from || back(30).from, to: search.to ? shifted(search.to, 1) : tomorrow };
    case "today":
      return back(1);
    case "7d":
      return back(7);
    case "30d":
      return back(30);
    case "90d":
      return back(90);
    case "month":
      return { from: dayText(year, month, 1), to: tomorrow };
    case "last-month":
      return { from: dayText(year, month - 1, 1), to: dayText(year, month, 1) };
    case "year":
      return { from: dayText(year - 1, month, day + 1), to: tomorrow };
  }
}

/** The calendar day in a zone; in the reader's own where the address names one that is none. */
function dayIn(named: string, now: Date): string {
  const shape = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat("en-CA", { ...shape, timeZone: named }).format(now);
  } catch {
    return new Intl.DateTimeFormat("en-CA", shape).format(now);
  }
}

/** A day of the calendar; months and days may run over. */
function dayText(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function shifted(text: string, days: number): string {
  const [year = 1970, month = 1, day = 1] = text.split("-").map(Number);
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  // A half-typed date goes to the server as it is, which says what is wrong with it.
  return Number.isNaN(moved.getTime()) ? text : moved.toISOString().slice(0, 10);
}
