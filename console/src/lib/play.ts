import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { claimNext } from "~/api/generated/calls";
import { useAnnounce } from "./announce";
import { WORK_LISTS } from "./operation-rows";

const KEPT = "viertakt.queue";

/** The queue that was worked through last, by its view. */
export function lastQueue(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keepQueue(view: string): void {
  try {
    localStorage.setItem(KEPT, view);
  } catch {
    // storage blocked: the usual one is offered next time
  }
}

/** Works through a queue: lets go of what is done, takes the next in hand and opens it; back to the queue when none is left. */
export function usePlay() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ view, done }: { view: string; done?: string }) => claimNext(view, done ? { done } : {}),
    onSuccess: async ({ operation }, { view }) => {
      keepQueue(view);
      queryClient.invalidateQueries({ queryKey: WORK_LISTS });
      if (operation) {
        queryClient.invalidateQueries({ queryKey: ["operation", operation.id] });
        await navigate({ to: "/operations/$id", params: { id: operation.id }, search: { play: view } });
      } else {
        announce(t`Nothing is left for you in this queue`);
        await navigate({ to: "/queue", search: { empty: view } });
      }
    },
  });
}
