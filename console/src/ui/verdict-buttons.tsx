import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Approval } from "~/api/generated/model/approval";
import type { Operation } from "~/api/generated/model/operation";
import type { Verdict } from "~/api/generated/model/verdict";
import type { KindWords } from "~/lib/kinds";
import styles from "./consents.module.css";
import { useVerdictWord, VerdictDialog } from "./verdict-dialog";

type Props = { approval: Approval; operation: Operation; words: KindWords; onSaid?: () => void };

/** What the reader may say to a move that waits: a button each, and never without a dialog. */
export function VerdictButtons({ approval, operation, words, onSaid }: Props) {
  const { t } = useLingui();
  const verdictWord = useVerdictWord();
  const [saying, setSaying] = useState<Verdict | null>(null);
  const reference = operation.reference;
  if (approval.may.length === 0 && saying === null) return null;
  return (
    <div className={styles.buttons}>
      {approval.may.map((verdict) => {
        const word = verdictWord(verdict);
        return (
          <Button
            key={verdict}
            variant={verdict === "approve" ? "filled" : "default"}
            onClick={() => setSaying(verdict)}
            aria-label={t`${word}: ${reference}`}
          >
            {word}
          </Button>
        );
      })}
      {saying ? (
        <VerdictDialog
          approval={approval}
          operation={operation}
          words={words}
          verdict={saying}
          onClose={() => setSaying(null)}
          onSaid={() => {
            setSaying(null);
            onSaid?.();
          }}
        />
      ) : null}
    </div>
  );
}
