import { automationBars, ranked, standingTargets } from "./chart-bars";
import { heatMap } from "./chart-heat";
import { durationLines, flowColumns, statusColumns, targetColumns } from "./chart-in-time";
import type { ChartSpec } from "./chart-spec";
import { waysFlow } from "./chart-ways";
import { indexOf, isMeasure, type Report } from "./report-model";
import type { ReportWords } from "./use-report-words";

/** What a report's chart can show, the usual first: names of columns, or `share` where counts are set against their sum. */
export function measuresOf(report: Report): string[] {
  switch (report.name) {
    case "statuses":
      return ["count", "share"];
    case "durations":
      return ["p50", "p90", "p99"];
    case "ageing":
      return report.columns.filter(isMeasure).map((column) => column.name);
    case "hours":
      return ["count", "moves"];
    default:
      return [];
  }
}

/** The chart of a report; null where a table says it better. `narrow`: there is no room for what goes from left to right. */
export function chartOf(
  report: Report,
  words: ReportWords,
  { measure, narrow = false }: { measure?: string | undefined; narrow?: boolean } = {},
): ChartSpec | null {
  if (report.rows.length === 0) return null;
  const measures = measuresOf(report);
  const chosen = measures.find((one) => one === measure) ?? measures[0];
  switch (report.name) {
    case "statuses":
      return statusColumns(report, words, chosen === "share");
    case "flow":
      return flowColumns(report, words);
    case "durations":
      return durationLines(report, words, chosen ?? "p50");
    case "hours":
      return heatMap(report, words, chosen ?? "count");
    case "ways":
      return narrow ? ranked(report, words, ["count"]) : waysFlow(report, words);
    case "automation":
      return automationBars(report, words);
    case "targets":
      return indexOf(report, "bucket") === -1 ? standingTargets(report, words) : targetColumns(report, words);
    case "stages":
      return ranked(report, words, ["p50", "p90"]);
    case "ageing":
    case "deadlines":
    case "reasons":
      return ranked(report, words, [chosen ?? "count"]);
    case "people":
      return ranked(report, words, ["moves"]);
    default:
      return null;
  }
}
