import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revealOperation } from "~/api/generated/calls";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { Revealed } from "~/api/generated/model/revealed";
import { ReasonDialog } from "~/ui/reason-dialog";

type Props = {
  operation: OperationDetail;
  names: string;
  onClose: () => void;
  onRevealed: (revealed: Revealed) => void;
};

/** Why somebody wants to see personal data; who looked, when and why is kept. */
export function RevealDialog({ operation, names, onClose, onRevealed }: Props) {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const reveal = useMutation({
    mutationFn: (reason: string) => revealOperation(operation.id, { reason }),
    onSuccess: (revealed) => {
      queryClient.invalidateQueries({ queryKey: ["access", "changes"] });
      onRevealed(revealed);
    },
  });
  return (
    <ReasonDialog
      title={t`Reveal personal data`}
      lead={<Trans>You are shown: {names}. That you looked, when and why, is kept in the audit log.</Trans>}
      act={t`Reveal`}
      failed={t`Nothing is shown`}
      pending={reveal.isPending}
      error={reveal.error}
      onClose={onClose}
      onReason={reveal.mutate}
    />
  );
}
