import { markOf } from "./chart-marks";
import type { ChartSpec, Flow } from "./chart-spec";
import { indexOf, type Report } from "./report-model";
import type { ReportWords } from "./use-report-words";

const LINKS_MAX = 40;

/** The ways of one type between its stages, the busiest first. A drawing from left to right has no way back: loops stand in the table. */
export function waysFlow(report: Report, words: ReportWords): ChartSpec | null {
  const [kind, from, to, count] = ["kind", "from_stage", "to_stage", "count"].map((name) =>
    indexOf(report, name),
  ) as [number, number, number, number];
  // Stages of two types have nothing to do with each other.
  if (new Set(report.rows.map((row) => row.values[kind])).size > 1) return null;
  const links: Flow["links"][number][] = [];
  const reaches = new Map<string, Set<string>>();
  const leadsTo = (start: string, end: string): boolean =>
    start === end || [...(reaches.get(start) ?? [])].some((next) => leadsTo(next, end));
  const rows = [...report.rows].sort((a, b) => Number(b.values[count] ?? 0) - Number(a.values[count] ?? 0));
  for (const row of rows.slice(0, LINKS_MAX)) {
    const [start, end] = [words.value(report, row, from), words.value(report, row, to)];
    const mark = markOf(report, words, row, count);
    if (!mark || mark.value === 0 || leadsTo(end, start)) continue;
    reaches.set(start, (reaches.get(start) ?? new Set()).add(end));
    links.push({ from: start, to: end, mark });
  }
  if (links.length === 0) return null;
  return {
    sort: "flow",
    nodes: [...new Set(links.flatMap((link) => [link.from, link.to]))],
    links,
    ...(links.length < rows.length ? { drawn: { count: links.length, of: rows.length } } : {}),
  };
}
