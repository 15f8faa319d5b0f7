import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelBulk, pauseBulk, resumeBulk, retryBulk, sayToBulk, startBulk } from "~/api/generated/calls";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { useAnnounce } from "~/lib/announce";
import { jobOptions } from "./bulk-query";
import { useJobState } from "./use-bulk-words";

export type Steer =
  | { act: "start"; confirm: number | null }
  | { act: "pause" | "resume" | "cancel" | "retry" }
  | { act: "approve" | "decline"; comment: string };

/** Does one thing to a job, never optimistically; what is shown afterwards is what the server says. */
export function useSteer(job: BulkJob) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const stateWord = useJobState();
  const queryClient = useQueryClient();
  const { queryKey } = jobOptions(job.id);
  return useMutation({
    mutationFn: (steer: Steer): Promise<BulkJob> => {
      switch (steer.act) {
        case "start":
          return startBulk(job.id, { confirm: steer.confirm });
        case "pause":
          return pauseBulk(job.id);
        case "resume":
          return resumeBulk(job.id);
        case "cancel":
          return cancelBulk(job.id);
        case "retry":
          return retryBulk(job.id);
        case "approve":
        case "decline":
          return sayToBulk(job.id, {
            verdict: steer.act,
            ...(steer.comment ? { comment: steer.comment } : {}),
          });
      }
    },
    onSuccess: (changed) => {
      queryClient.setQueryData(queryKey, changed);
      queryClient.invalidateQueries({ queryKey: ["bulk"] });
      const state = stateWord(changed.state);
      announce(t`The job: ${state}`);
    },
    // What we show is old: somebody was first.
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
}
