import { useLingui } from "@lingui/react/macro";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import type { BulkJobState } from "~/api/generated/model/bulk-job-state";
import type { ItemState } from "~/api/generated/model/item-state";
import type { WhyNot } from "~/api/generated/model/why-not";
import { useLatestWords } from "~/lib/latest-words";
import { useAssigneeWord } from "~/lib/work";

/** What a job does, in a few words. */
export function useJobTitle(): (job: BulkJob) => string {
  const { t } = useLingui();
  const { transition } = useLatestWords();
  const word = useAssigneeWord();
  const done = (job: BulkJob) => {
    const { assign_to: to, tags, verb } = job;
    if (verb === "move") {
      const kinds = job.groups.flatMap((group) => group.kind ?? []);
      return transition(job.transition ?? "", kinds);
    }
    if (verb === "note") return t`Write a note`;
    if (verb === "tag")
      return [
        ...(tags?.add ?? []).map((tag) => `+${tag}`),
        ...(tags?.remove ?? []).map((tag) => `−${tag}`),
      ].join(" ");
    const name = to ? word(to) : "";
    return name ? t`Assign to ${name}` : t`Assign to nobody`;
  };
  return (job) => {
    const step = done(job);
    return job.undoes ? t`Undo “${step}”` : step;
  };
}

export function useJobState(): (state: BulkJobState) => string {
  const { t } = useLingui();
  return (state) => {
    switch (state) {
      case "ready":
        return t`Tried, not started`;
      case "waiting":
        return t`Waits for approval`;
      case "counting_down":
        return t`About to start`;
      case "running":
        return t`At work`;
      case "paused":
        return t`Paused`;
      case "done":
        return t`Finished`;
      case "cancelled":
        return t`Cancelled`;
      case "declined":
        return t`Declined`;
    }
  };
}

export function useItemState(): (state: ItemState) => string {
  const { t } = useLingui();
  return (state) => {
    switch (state) {
      case "waiting":
        return t`Still to come`;
      case "done":
        return t`Done`;
      case "asked":
        return t`Asked for`;
      case "skipped":
        return t`Skipped`;
      case "failed":
        return t`Failed`;
    }
  };
}

/** Why an operation is not moved; the server's own sentence where we know no better. */
export function useWhyNot(): (why: WhyNot) => string {
  const { t } = useLingui();
  return ({ code, detail }) => {
    switch (code) {
      case "not_permitted":
        return t`This step does not start from here`;
      case "guard":
        return t`Not what this step is for`;
      case "needs_role":
      case "outside_grant":
        return t`Your roles do not allow it`;
      case "amount_above":
        return t`Above the amount that your roles allow`;
      case "not_by_hand":
        return t`Not made by hand`;
      case "unknown_transition":
        return t`This type has no such step`;
      case "no_reverse":
        return t`This type has no way back from this step`;
      case "not_found":
        return t`Not there, or not yours to see`;
      case "moved_since":
        return t`Somebody has moved it on since`;
      case "was_asked":
        return t`It was only asked for; that is decided where it waits`;
      case "stale":
        return t`Changed since it was chosen`;
      case "asked_already":
        return t`It waits for approval already`;
      case "needs_consents":
        return t`It waits for approvals of its own`;
      case "nothing_to_do":
        return t`It is so already`;
      case "assigned_since":
        return t`Somebody has assigned it to another since`;
      case "before_unknown":
        return t`What was before is not known`;
      case "unavailable":
      case "lost_race":
        return t`It could not be done at that moment; try again`;
      default:
        return detail;
    }
  };
}
