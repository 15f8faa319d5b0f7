import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { moveOperation } from "~/api/generated/calls";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { isProblem } from "~/api/problem";
import { useAnnounce } from "~/lib/announce";
import type { KindWords } from "~/lib/kinds";
import { replaceRows } from "~/lib/operation-rows";
import { newKey } from "~/lib/request-key";
import { operationOptions } from "./operation-query";

export type Decision = { transition: string; reason: string; comment: string };

/** Makes one move, never optimistically: what is shown afterwards is what the server says. */
export function useMove(base: OperationDetail, words: KindWords, onMoved: () => void) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const lastTry = useRef<{ body: string; key: string } | null>(null);
  const { queryKey, queryFn } = operationOptions(base.id);
  const reread = () => queryClient.fetchQuery({ queryKey, queryFn, staleTime: 0 });

  return useMutation({
    mutationFn: async ({ transition, reason, comment }: Decision) => {
      const body = {
        transition,
        ...(reason ? { reason } : {}),
        ...(comment ? { comment } : {}),
        expected_version: base.version,
      };
      const text = JSON.stringify(body);
      // The same decision sent again, after a lost answer say, keeps its key: it can never move twice.
      if (lastTry.current?.body !== text) lastTry.current = { body: text, key: newKey() };
      return moveOperation(base.id, body, { headers: { "Idempotency-Key": lastTry.current.key } });
    },
    onSuccess: async (answer) => {
      const operation = await reread().catch(() => null);
      if (operation) replaceRows(queryClient, [operation]);
      queryClient.invalidateQueries({ queryKey: ["counts"] });
      queryClient.invalidateQueries({ queryKey: ["operations", "peek"] });
      const reference = base.reference;
      if ("approval" in answer) {
        // It waits: the version stays, and only the history has grown.
        queryClient.invalidateQueries({ queryKey: ["history", base.id] });
        queryClient.invalidateQueries({ queryKey: ["approvals"] });
        announce(t`${reference} waits for approval`);
      } else {
        const stage = words.stage(answer.to?.stage ?? base.stage);
        announce(t`${reference} is now in “${stage}”`);
      }
      onMoved();
    },
    onError: async (error) => {
      // A stale or forbidden move means that what we show is old: the dialog compares and tells what changed.
      if (isProblem(error) && (error.status === 409 || error.status === 412))
        await reread().catch(() => null);
    },
  });
}
