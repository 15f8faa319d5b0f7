import { Trans, useLingui } from "@lingui/react/macro";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { Consenters, ConsentsGiven } from "~/ui/consents";
import { Moment } from "~/ui/moment";
import { VerdictButtons } from "~/ui/verdict-buttons";
import { useWhyNotConsentWords } from "~/ui/verdict-dialog";
import styles from "./waiting-approvals.module.css";

type Props = { operation: OperationDetail; words: KindWords; now: number; onSaid: () => void };

/** Moves that somebody asked for and others have to consent to: who asked, what is there, and what the reader may say. */
export function WaitingApprovals({ operation, words, now, onSaid }: Props) {
  const { t } = useLingui();
  const reasonWords = useReasonWords();
  const whyNot = useWhyNotConsentWords();
  return operation.approvals.map((approval) => {
    const name = words.transition(approval.transition);
    const asker = approval.asked_by.name;
    return (
      <section
        key={approval.approval}
        className={styles.waiting}
        aria-label={t`“${name}” waits for approval`}
      >
        <h2 className={styles.title}>
          <Trans>“{name}” waits for approval</Trans>
        </h2>
        <p className={styles.asked}>
          <Trans>Asked for by {asker}</Trans> · <Moment at={approval.asked_at} now={now} />
          {approval.reason ? ` · ${reasonWords(approval.reason).internal}` : ""}
        </p>
        {approval.comment ? <blockquote className={styles.said}>{approval.comment}</blockquote> : null}
        <ConsentsGiven approval={approval} />
        <Consenters approval={approval} now={now} />
        <VerdictButtons approval={approval} operation={operation} words={words} onSaid={onSaid} />
        {approval.may.includes("approve") ? null : <p className={styles.asked}>{whyNot(approval)}</p>}
      </section>
    );
  });
}
