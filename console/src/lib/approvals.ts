import { useLingui } from "@lingui/react/macro";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { listApprovals, sayVerdict } from "~/api/generated/calls";
import type { Approval } from "~/api/generated/model/approval";
import type { ConsentsNeeded } from "~/api/generated/model/consents-needed";
import type { Verdict } from "~/api/generated/model/verdict";
import { isProblem } from "~/api/problem";
import { useAnnounce } from "./announce";
import { replaceRows } from "./operation-rows";
import { newKey } from "./request-key";
import { wordFromName } from "./words";

const REFRESH_EVERY = 15_000;
// Whoever has more to decide decides these first; of what one asked for the latest are enough.
const SHOWN_MAX = { decide: 200, asked: 50 };

/** What waits for consents: what the reader may decide, or what the reader asked for. */
export const approvalsOptions = (mine: "decide" | "asked") =>
  queryOptions({
    queryKey: ["approvals", mine],
    queryFn: ({ signal }) => listApprovals({ mine, limit: SHOWN_MAX[mine] }, { signal }),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
  });

/** Says one verdict, never optimistically: what is shown afterwards is what the server says. */
export function useVerdict(approval: Approval, reference: string, onSaid: () => void) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const lastTry = useRef<{ body: string; key: string } | null>(null);
  const renew = () => {
    for (const queryKey of [
      ["approvals"],
      ["operation", approval.operation_id],
      ["history", approval.operation_id],
      ["counts"],
    ])
      queryClient.invalidateQueries({ queryKey });
  };
  const told = (verdict: Verdict, state: string) => {
    if (verdict === "decline") return t`${reference}: declined`;
    if (verdict === "withdraw") return t`${reference}: the request is withdrawn`;
    return state === "made"
      ? t`${reference}: approved by all who were needed, and done`
      : t`${reference}: your approval counts; others are still needed`;
  };
  return useMutation({
    mutationFn: ({ verdict, comment }: { verdict: Verdict; comment: string }) => {
      const body = { verdict, ...(comment ? { comment } : {}) };
      const text = JSON.stringify(body);
      if (lastTry.current?.body !== text) lastTry.current = { body: text, key: newKey() };
      const headers = { "Idempotency-Key": lastTry.current.key };
      return sayVerdict(approval.operation_id, approval.approval, body, { headers });
    },
    onSuccess: (result, { verdict }) => {
      replaceRows(queryClient, [result.operation]);
      renew();
      announce(told(verdict, result.approval.state));
      onSaid();
    },
    onError: (error) => {
      // What we show is old: somebody was first, or the operation has changed.
      if (isProblem(error) && error.status === 409) renew();
    },
  });
}

/** What is needed, without the lines that a stricter one for the same roles contains. */
export function strictest(needed: readonly ConsentsNeeded[]): ConsentsNeeded[] {
  const rolesOf = (need: ConsentsNeeded) => [...need.roles].sort().join();
  return needed.filter(
    (need, at) =>
      !needed.some(
        (other, place) =>
          rolesOf(other) === rolesOf(need) &&
          (other.count > need.count || (other.count === need.count && place < at)),
      ),
  );
}

/** Roles as a sentence names them. */
export function useRolesWord(): (roles: readonly string[]) => string {
  const { t } = useLingui();
  return (roles) => roles.map(wordFromName).join(` ${t`or`} `);
}
