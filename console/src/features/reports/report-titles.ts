import { useLingui } from "@lingui/react/macro";
import { wordFromName } from "~/lib/words";

/** What each report is called and tells, in the reader's words. */
export function useReportTitle(): (name: string) => string {
  const { t } = useLingui();
  const titles: Record<string, string> = {
    summary: t`At a glance`,
    statuses: t`Status of what was created`,
    flow: t`Created, finished and open`,
    durations: t`Time to the end`,
    stages: t`Time in each stage`,
    ageing: t`Age of what is open`,
    deadlines: t`Deadlines of what is open`,
    targets: t`Promises kept and missed`,
    reasons: t`Reasons and errors`,
    ways: t`Ways through the stages`,
    hours: t`Weekday and hour`,
    people: t`People`,
    automation: t`By machine and by hand`,
  };
  return (name) => titles[name] ?? wordFromName(name);
}

/** How each report is computed, in the reader's words; null for one that only the server can explain. */
export function useReportDefinition(): (name: string) => string | null {
  const { t } = useLingui();
  const definitions: Record<string, string> = {
    summary: t`Open, oldest and late are what stands now. Created counts what was created in the period; finished counts what came to the closed status it has now, in the period, and the shares are of those. The times run from creation to that end.`,
    statuses: t`Operations by the interval in which they were created, and by the status they have now. An operation that moves later changes its status here, not its place.`,
    flow: t`How many were created and how many ended in each interval, and how many were open when it was over. An operation ended when it came to the closed status it has now; one that is open again has not.`,
    durations: t`How long operations took from their creation to the closed status they have now, by the interval in which they came to it. Half took no longer than the median, nine in ten no longer than “90 % within”. These figures are right within two percent.`,
    stages: t`How long operations stayed in each stage: stays that ended in the period, the longest altogether first. An operation that comes back stays twice. “Now” tells how long those that are there have been there so far.`,
    ageing: t`Open operations by how long ago they were created, and what they are worth together. Up to a day by the clock, older ones by the calendar days of the organisation. As of now: no period matters.`,
    deadlines: t`Open operations by how near the time limit of their stage is. Less than 24 hours left is at risk; without a time limit there is no deadline. As of now: no period matters.`,
    targets: t`Promises that were kept or missed in the period, and the share that was kept. Time with a paused clock does not count, nor do hours outside the calendar of the type. “Now” tells how those that are neither stand: in time, at risk when four fifths of the time are used (or what the type says), late, or paused in good time.`,
    reasons: t`The reasons given to operations that ended in the period, the commonest first; one with two reasons counts under both. The share is of all reasons given, and “together” adds the shares up from the top.`,
    ways: t`The ways that operations created in the period went from stage to stage; each counts once for each way. The share is of the operations of its type that were created in the period. The drawing leaves out ways back; the table has them.`,
    hours: t`Operations by the weekday and the hour in which they were created, and the steps taken then, in the days and hours of the time zone.`,
    people: t`How many steps each person took in the period, and how many sorts of them; by name, for nobody is ranked.`,
    automation: t`Openings and steps of the period by what made them: a person, a process, a provider, a time limit, a check. The share is of all steps of the type.`,
  };
  return (name) => definitions[name] ?? null;
}
