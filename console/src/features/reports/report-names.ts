import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";

type Names = Readonly<Record<string, string>>;

/** What columns are called, and the values that reports name themselves (`age.<1h`). */
export function useReportNames(): { columns: Names; values: Names } {
  const { t } = useLingui();
  return useMemo(
    () => ({
      columns: {
        bucket: t`Period`,
        status: t`Status`,
        kind: t`Type`,
        stage: t`Stage`,
        from_stage: t`From stage`,
        to_stage: t`To stage`,
        reason: t`Reason`,
        cause: t`How`,
        waiting_on: t`Waiting on`,
        person: t`Person`,
        age: t`Age`,
        state: t`Deadline`,
        weekday: t`Weekday`,
        hour: t`Hour`,
        count: t`Count`,
        moves: t`Steps taken`,
        transitions: t`Sorts of steps`,
        created: t`Created`,
        finished: t`Finished`,
        open: t`Open`,
        oldest: t`Oldest open`,
        late: t`Late`,
        backlog: t`Open at the end`,
        success: t`Success`,
        error: t`Error`,
        rejected: t`Rejected`,
        amount: t`Amount`,
        share: t`Share`,
        cumulative_share: t`Together`,
        p50: t`Median`,
        p90: t`90 % within`,
        p99: t`99 % within`,
        mean: t`Average`,
      },
      values: {
        "age.<1h": t`less than 1 hour`,
        "age.1h-8h": t`1 to 8 hours`,
        "age.8h-24h": t`8 to 24 hours`,
        "age.1d-3d": t`1 to 3 days`,
        "age.3d-10d": t`3 to 10 days`,
        "age.10d-30d": t`10 to 30 days`,
        "age.>30d": t`more than 30 days`,
        "state.late": t`Late`,
        "state.at_risk": t`Less than 24 hours left`,
        "state.in_time": t`In time`,
        "state.no_deadline": t`No deadline`,
        "cause.manual": t`by hand`,
        "cause.process": t`by the process`,
        "cause.source": t`by the provider`,
        "cause.deadline": t`by its time limit`,
        "cause.check": t`by a check`,
        "cause.children": t`by its children`,
        "cause.import": t`by an import`,
        "cause.bulk": t`in bulk`,
        "cause.undo": t`by undoing`,
      },
    }),
    [t],
  );
}
