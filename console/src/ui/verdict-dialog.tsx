import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Approval } from "~/api/generated/model/approval";
import type { Operation } from "~/api/generated/model/operation";
import type { Verdict } from "~/api/generated/model/verdict";
import { useVerdict } from "~/lib/approvals";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import styles from "./consents.module.css";
import { Dialog } from "./dialog";
import { useProblemWords } from "./faces";

type Props = {
  approval: Approval;
  operation: Operation;
  words: KindWords;
  verdict: Verdict;
  onClose: () => void;
  onSaid: () => void;
};

/** One verdict, with what it is about and what it does, before it is said. */
export function VerdictDialog({ approval, operation, words, verdict, onClose, onSaid }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const reasonWords = useReasonWords();
  const verdictWord = useVerdictWord();
  const explain = useProblemWords();
  const [comment, setComment] = useState("");
  const [tried, setTried] = useState(false);
  const say = useVerdict(approval, operation.reference, onSaid);
  const needed = verdict === "decline";
  const missing = needed && comment.trim() === "";
  const name = words.transition(approval.transition);
  const asker = approval.asked_by.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing && !say.isPending) say.mutate({ verdict, comment: comment.trim() });
  };
  return (
    <Dialog title={verdictWord(verdict)} size={520} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <p>
          {words.kind} <code>{operation.reference}</code>
          {operation.amount ? ` · ${formatMoney(operation.amount, language)}` : ""}
          {operation.subject ? ` · ${operation.subject}` : ""}
        </p>
        <p>
          <Trans>
            {asker} asked for “{name}”.
          </Trans>
          {approval.reason ? ` ${reasonWords(approval.reason).internal}.` : ""}
        </p>
        {approval.comment ? <blockquote className={styles.said}>{approval.comment}</blockquote> : null}
        {verdict === "approve" && approval.on_behalf_of ? (
          <p>
            <strong>
              <Trans>In the name of {approval.on_behalf_of.name}</Trans>
            </strong>
          </p>
        ) : null}
        <Consequence approval={approval} words={words} verdict={verdict} operation={operation} />
        <Textarea
          label={needed ? t`Comment` : t`Comment (optional)`}
          required={needed}
          data-autofocus
          autosize={false}
          rows={3}
          maxLength={10_000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          error={tried && missing ? t`Say why, so that who asked can act on it.` : undefined}
        />
        {say.error ? (
          <div role="alert" className={styles.refused}>
            <strong>{t`Nothing has been changed`}</strong>
            <p>{explain(say.error)}</p>
          </div>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={say.isPending}>
            {verdictWord(verdict)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type ConsequenceProps = { approval: Approval; words: KindWords; verdict: Verdict; operation: Operation };

function Consequence({ approval, words, verdict, operation }: ConsequenceProps) {
  const now = words.stage(operation.stage);
  const to = words.document?.transitions[approval.transition]?.to;
  const then = to ? words.stage(to) : words.transition(approval.transition);
  if (verdict !== "approve")
    return (
      <p>
        <Trans>It stays in “{now}”; whoever wants it has to ask anew.</Trans>
      </p>
    );
  const last = approval.missing.reduce((sum, one) => Math.max(sum, one.count), 0) === 1;
  return last && approval.missing.length === 1 ? (
    <p>
      <Trans>
        Yours is the last that is needed: it goes from “{now}” to “{then}” at once.
      </Trans>
    </p>
  ) : (
    <p>
      <Trans>
        It goes from “{now}” to “{then}” once all have approved.
      </Trans>
    </p>
  );
}

export function useVerdictWord(): (verdict: Verdict) => string {
  const { t } = useLingui();
  return (verdict) => {
    switch (verdict) {
      case "approve":
        return t`Give approval`;
      case "decline":
        return t`Decline the request`;
      case "withdraw":
        return t`Withdraw the request`;
    }
  };
}

/** Why the reader may not consent, in the reader's words; the server's own sentence where we know no better. */
export function useWhyNotConsentWords(): (approval: Approval) => string {
  const { t } = useLingui();
  return (approval) => {
    switch (approval.why_not?.code) {
      case undefined:
        return "";
      case "own_request":
        return t`You asked for this: somebody else has to approve it.`;
      case "assignee":
        return t`It is assigned to you: somebody else has to approve it.`;
      case "consented_already":
        return t`You have approved it; others are still needed.`;
      case "needs_role":
        return t`Your roles do not approve this.`;
      case "amount_above":
        return t`Your grants to approve this do not reach this amount.`;
      case "outside_grant":
        return t`Your grants to approve this are for other operations.`;
      case "void":
        return t`The operation has changed since; it has to be asked for anew.`;
      case "made":
        return t`Approved and done.`;
      case "declined":
        return t`Declined.`;
      case "withdrawn":
        return t`Withdrawn.`;
      case "expired":
        return t`Expired: not all approvals came in time. Ask anew where it is still wanted.`;
      default:
        return approval.why_not?.detail ?? "";
    }
  };
}
