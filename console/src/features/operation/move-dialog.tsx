import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { isProblem, type Problem } from "~/api/problem";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Icon } from "~/ui/icon";
import { StatusChip } from "~/ui/status-chip";
import { ConflictPanel } from "./conflict-panel";
import { Consequences, neededOf } from "./consequences";
import styles from "./move-dialog.module.css";
import { useMove } from "./use-move";

export type Draft = { reason: string; comment: string };

type Props = {
  /** As it stands now; it may change while somebody types. */
  operation: OperationDetail;
  transition: string;
  words: KindWords;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onClose: () => void;
  onMoved: () => void;
};

export function MoveDialog({ operation, transition, words, draft, onDraft, onClose, onMoved }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const reasonWords = useReasonWords();
  const explain = useProblemWords();
  // What the reader saw on opening: a decision holds for that and for nothing newer.
  const [base, setBase] = useState(operation);
  const [tried, setTried] = useState(false);
  const move = useMove(base, words, onMoved);
  const chosen = base.available.find((one) => one.transition === transition);
  const asksFirst = chosen ? neededOf(chosen).length > 0 : false;
  const changed = operation.version !== base.version;
  const name = words.transition(transition);

  const reasons = chosen?.reasons ?? [];
  const text = reasonWords(draft.reason).customer;
  const reasonMissing = reasons.length > 0 && draft.reason === "";
  const commentMissing = (chosen?.comment_required ?? false) && draft.comment.trim() === "";
  const faults = isProblem(move.error) ? move.error.faults : [];
  const reasonFault = faults.find((fault) => fault.pointer === "/reason")?.detail;
  const commentFault = faults.find((fault) => fault.pointer === "/comment")?.detail;

  const confirm = () => {
    setTried(true);
    if (!chosen || changed || reasonMissing || commentMissing || move.isPending) return;
    move.mutate({ transition, reason: draft.reason, comment: draft.comment.trim() });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm();
  };
  const confirmByKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    confirm();
  };

  return (
    <Dialog title={name} size={560} onClose={onClose}>
      <form onSubmit={submit} onKeyDown={confirmByKey} className={styles.form} noValidate>
        <p className={styles.what}>
          {words.kind} <code>{base.reference}</code>
          {base.amount ? ` · ${formatMoney(base.amount, language)}` : ""}
          {base.subject ? ` · ${base.subject}` : ""}
        </p>
        {chosen ? (
          <p className={styles.path}>
            <StatusChip status={base.status} stage={words.stage(base.stage)} />
            <Icon name="right" />
            <StatusChip status={chosen.status} stage={words.stage(chosen.to)} />
          </p>
        ) : null}
        {chosen ? <Consequences operation={base} chosen={chosen} words={words} /> : null}
        {reasons.length > 0 ? (
          <NativeSelect
            label={t`Reason`}
            required
            data-autofocus
            value={draft.reason}
            onChange={(event) => onDraft({ ...draft, reason: event.currentTarget.value })}
            description={draft.reason && text ? t`The customer reads: “${text}”` : undefined}
            error={tried && reasonMissing ? t`Choose a reason.` : reasonFault}
            data={[
              { value: "", label: t`Choose a reason` },
              ...reasons.map((code) => ({ value: code, label: reasonWords(code).internal })),
            ]}
          />
        ) : null}
        <Textarea
          label={chosen?.comment_required ? t`Comment` : t`Comment (optional)`}
          required={chosen?.comment_required ?? false}
          data-autofocus={reasons.length === 0 ? true : undefined}
          autosize={false}
          rows={3}
          maxLength={10_000}
          value={draft.comment}
          onChange={(event) => onDraft({ ...draft, comment: event.currentTarget.value })}
          error={tried && commentMissing ? t`This step asks for a comment.` : commentFault}
        />
        {changed ? (
          <ConflictPanel
            base={base}
            operation={operation}
            transition={transition}
            words={words}
            onGoOn={() => {
              setBase(operation);
              move.reset();
            }}
          />
        ) : move.error ? (
          <Refused error={move.error} words={explain(move.error)} />
        ) : null}
        <div className={styles.foot}>
          <span className={styles.hint}>
            <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </span>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={move.isPending} disabled={changed || !chosen}>
            {asksFirst ? t`Ask for approval` : name}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Refused({ error, words }: { error: Error | Problem; words: string }) {
  const { t } = useLingui();
  const requestId = isProblem(error) ? error.requestId : null;
  return (
    <div role="alert" className={styles.refused}>
      <strong>{t`Nothing has been changed`}</strong>
      <p>{words}</p>
      {requestId ? (
        <p className={styles.hint}>
          <Trans>Request</Trans> <code>{requestId}</code>
        </p>
      ) : null}
    </div>
  );
}
