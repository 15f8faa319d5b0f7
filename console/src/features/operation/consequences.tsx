import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { AvailableTransition } from "~/api/generated/model/available-transition";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { KindWords } from "~/lib/kinds";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { wordFromName } from "~/lib/words";
import { useStatusWord } from "~/ui/status-chip";
import styles from "./move-dialog.module.css";

type Props = { operation: OperationDetail; chosen: AvailableTransition; words: KindWords };

/** What will happen, to what, and who acts after it: said before it is confirmed. */
export function Consequences({ operation, chosen, words }: Props) {
  const { t } = useLingui();
  const statusWord = useStatusWord();
  const waitingOn = useWaitingOnWord();
  const stage = words.document?.stages[chosen.to];
  const stageWord = words.stage(chosen.to);
  const status = statusWord(chosen.status);
  const lines = [
    chosen.status === operation.status
      ? t`It goes to “${stageWord}”; its status stays ${status}.`
      : t`It goes to “${stageWord}” and its status becomes ${status}.`,
  ];
  if (stage?.waiting_on) {
    const next = waitingOn(stage.waiting_on);
    lines.push(t`After that it waits on ${next}.`);
  }
  if (stage?.final === "yes") lines.push(t`That is its end: it goes on only if it is reopened.`);
  for (const approval of chosen.approvals) {
    const roles = (approval.roles ?? []).map(wordFromName).join(", ");
    const when = approval.when;
    const approvals = plural(approval.count, { one: "# approval", other: "# approvals" });
    lines.push(
      when ? t`Where ${when}, it needs ${approvals} (${roles}).` : t`It needs ${approvals} (${roles}).`,
    );
  }
  return (
    <ul className={styles.consequences}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
