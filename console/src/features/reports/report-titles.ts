import { useLingui } from "@lingui/react/macro";
import { wordFromName } from "~/lib/words";

/** What each report is called and tells, in the reader's words. */
export function useReportTitle(): (name: string) => string {
  const { t } = useLingui();
  const titles: Record<string, string> = {
    statuses: t`Status of what was created`,
    flow: t`Created, finished and open`,
    flows: t`Created, finished and open`,
    durations: t`Time to the end`,
    stages: t`Time in each stage`,
    ageing: t`Age of what is open`,
    deadlines: t`Deadlines: kept and missed`,
    targets: t`Promises: kept and missed`,
    reasons: t`Reasons and errors`,
    paths: t`Ways through the stages`,
    ways: t`Ways through the stages`,
    hours: t`Weekday and hour`,
    heatmap: t`Weekday and hour`,
    people: t`People`,
    automation: t`By machine and by hand`,
    causes: t`By machine and by hand`,
  };
  return (name) => titles[name] ?? wordFromName(name);
}
