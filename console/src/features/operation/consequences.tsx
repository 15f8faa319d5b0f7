import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { AvailableTransition } from "~/api/generated/model/available-transition";
import type { ConsentsNeeded } from "~/api/generated/model/consents-needed";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { strictest, useRolesWord } from "~/lib/approvals";
import type { KindWords } from "~/lib/kinds";
import { useWaitingOnWord } from "~/lib/waiting-on";
import { useStatusWord } from "~/ui/status-chip";
import styles from "./move-dialog.module.css";

type Props = { operation: OperationDetail; chosen: AvailableTransition; words: KindWords };

/** The consents that this operation needs for a transition as it stands. */
export function neededOf(chosen: AvailableTransition): ConsentsNeeded[] {
  return chosen.approvals
    .filter((rule) => rule.applies)
    .map((rule) => ({ count: rule.count, roles: rule.roles ?? [], given: 0 }));
}

/** What will happen, to what, and who acts after it: said before it is confirmed. */
export function Consequences({ operation, chosen, words }: Props) {
  const { t } = useLingui();
  const statusWord = useStatusWord();
  const waitingOn = useWaitingOnWord();
  const rolesWord = useRolesWord();
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
  for (const need of strictest(neededOf(chosen))) {
    const roles = rolesWord(need.roles);
    const approvals = plural(need.count, { one: "# approval", other: "# approvals" });
    lines.push(t`First it waits for ${approvals} by others (${roles}).`);
  }
  if (chosen.held) {
    const wrong = chosen.held.title ?? t`something is wrong at its provider`;
    lines.push(t`Programs wait with this (${wrong}); done by hand it goes out all the same.`);
  }
  return (
    <ul className={styles.consequences}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
