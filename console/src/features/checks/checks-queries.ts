import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { listCheckSettings, listChecks } from "~/api/generated/calls";
import { useAnnounce } from "~/lib/announce";

export const checksOptions = queryOptions({
  queryKey: ["checks", "declared"],
  queryFn: ({ signal }) => listChecks({ signal }),
});

export const settingsOptions = queryOptions({
  queryKey: ["checks", "settings"],
  queryFn: ({ signal }) => listCheckSettings({}, { signal }),
  refetchInterval: 30_000,
  refetchIntervalInBackground: false,
});

/** One change: what is shown afterwards is read anew, and what was done is said. */
export function useCheckChange<Sent, Answer>(
  change: (sent: Sent) => Promise<Answer>,
  done: (answer: Answer) => string,
  onDone?: () => void,
) {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => {
      queryClient.invalidateQueries({ queryKey: ["checks"] });
      announce(done(answer));
      onDone?.();
    },
  });
}
