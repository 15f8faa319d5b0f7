import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { makeBulk } from "~/api/generated/calls";
import type { Kind } from "~/api/generated/model/kind";
import { isProblem } from "~/api/problem";
import type { BulkChoice } from "~/lib/bulk-choice";
import { zone } from "~/lib/clock";
import { useReasonWords } from "~/lib/kinds";
import { useLatestWords } from "~/lib/latest-words";
import { valuesOf } from "~/lib/query-text";
import { newKey } from "~/lib/request-key";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { BESIDE, BesideFields, isBeside, NO_WORK, useBesideWord, workOf } from "./beside-fields";
import styles from "./bulk.module.css";

type Props = { choice: BulkChoice; onClose: () => void; onMade: (id: string) => void };

/** Which step and why, or what else; then the server tells what would happen. Nothing happens here. */
export function BulkDialog({ choice, onClose, onMade }: Props) {
  const { t } = useLingui();
  const words = useLatestWords();
  const reasonWords = useReasonWords();
  const explain = useProblemWords();
  const [transition, setTransition] = useState("");
  const [reason, setReason] = useState("");
  const [comment, setComment] = useState("");
  const [work, setWork] = useState(NO_WORK);
  const [tried, setTried] = useState(false);
  const besideWord = useBesideWord();
  const key = useRef({ body: "", key: "" });
  const kinds = kindsOf(choice);
  const steps = stepsOf(words.documents, kinds);
  const chosen = steps.get(transition);
  const reasons = [...new Set(chosen?.flatMap((one) => one.reasons ?? []))];
  const wantsComment = chosen?.some((one) => one.comment === "required") ?? false;
  const beside = isBeside(transition) ? workOf(transition, work) : undefined;
  const make = useMutation({
    mutationFn: () => {
      const asked = "q" in choice ? { q: choice.q } : { ids: [...choice.ids] };
      const said = beside ?? {
        transition,
        ...(reason && reasons.includes(reason) ? { reason } : {}),
        ...(comment.trim() ? { comment: comment.trim() } : {}),
      };
      const body = { ...asked, ...said, zone: zone() };
      const text = JSON.stringify(body);
      // The same question after a lost answer keeps its key: it makes one job.
      if (key.current.body !== text) key.current = { body: text, key: newKey() };
      return makeBulk(body, { headers: { "Idempotency-Key": key.current.key } });
    },
    onSuccess: (job) => onMade(job.id),
  });
  const faults = isProblem(make.error) ? make.error.faults : [];
  const faultAt = (pointer: string) => faults.find((fault) => fault.pointer === pointer)?.detail;
  const commentMissing = wantsComment && comment.trim() === "";
  const reasonMissing = reasons.length > 1 && !reasons.includes(reason);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!transition || commentMissing || reasonMissing || make.isPending) return;
    if (!isBeside(transition) || beside) make.mutate();
  };
  return (
    <Dialog title={t`Take a step in bulk`} size={560} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <p className={styles.muted}>
          <Chosen choice={choice} />
        </p>
        <NativeSelect
          label={t`Step`}
          required
          data-autofocus
          value={transition}
          onChange={(event) => setTransition(event.currentTarget.value)}
          error={tried && !transition ? t`Choose a step.` : faultAt("/transition")}
          data={[
            { value: "", label: t`Choose a step` },
            ...[...steps.keys()].map((name) => ({ value: name, label: words.transition(name, kinds) })),
            {
              group: t`No step`,
              items: BESIDE.map((what) => ({ value: what, label: besideWord(what) })),
            },
          ]}
        />
        {isBeside(transition) ? (
          <BesideFields what={transition} work={work} onWork={setWork} tried={tried} />
        ) : null}
        {reasons.length > 0 ? (
          <NativeSelect
            label={t`Reason`}
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={tried && reasonMissing ? t`Choose a reason.` : faultAt("/reason")}
            data={[
              { value: "", label: t`Choose a reason` },
              ...reasons.map((code) => ({ value: code, label: reasonWords(code).internal })),
            ]}
          />
        ) : null}
        {isBeside(transition) ? null : (
          <Textarea
            label={wantsComment ? t`Comment` : t`Comment (optional)`}
            required={wantsComment}
            rows={2}
            maxLength={10_000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
            error={tried && commentMissing ? t`This step asks for a comment.` : faultAt("/comment")}
          />
        )}
        {make.error ? <p role="alert">{explain(make.error)}</p> : null}
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={make.isPending}>
            <Trans>Show what would happen</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Chosen({ choice }: { choice: BulkChoice }) {
  const { t } = useLingui();
  if ("q" in choice)
    return (
      <>
        <Trans>Everything that matches this filter</Trans>: <code>{choice.q}</code>
      </>
    );
  const count = choice.ids.length;
  return <>{t`Operations selected: ${count}`}</>;
}

function kindsOf(choice: BulkChoice): readonly string[] {
  return "q" in choice ? valuesOf(choice.q, "kind") : choice.kinds;
}

type Step = Kind["transitions"][string];

/** The steps that people take in these kinds; in all of them where none is named. */
function stepsOf(documents: ReadonlyMap<string, Kind>, kinds: readonly string[]): Map<string, Step[]> {
  const steps = new Map<string, Step[]>();
  for (const [kind, document] of documents) {
    if (kinds.length > 0 && !kinds.includes(kind)) continue;
    for (const [name, step] of Object.entries(document.transitions))
      if (step.roles && step.roles.length > 0) steps.set(name, [...(steps.get(name) ?? []), step]);
  }
  return steps;
}
