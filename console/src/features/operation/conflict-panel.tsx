import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { useActorWord } from "~/lib/actor-word";
import { useNow } from "~/lib/clock";
import { type KindWords, useReasonWords } from "~/lib/kinds";
import { Moment } from "~/ui/moment";
import { StatusChip } from "~/ui/status-chip";
import styles from "./move-dialog.module.css";
import { historyOptions } from "./operation-query";

type Props = {
  /** As the reader saw it, and as it stands now. */
  base: OperationDetail;
  operation: OperationDetail;
  transition: string;
  words: KindWords;
  onGoOn: () => void;
};

/** What changed while somebody was deciding, and by whom. What was typed stays as it is. */
export function ConflictPanel({ base, operation, transition, words, onGoOn }: Props) {
  const { t } = useLingui();
  const now = useNow();
  const reasonWords = useReasonWords();
  const actorWord = useActorWord();
  const { data: history } = useQuery(historyOptions(operation.id, operation.version));
  const meanwhile = (history?.entries ?? []).filter(
    (entry) => entry.version !== null && entry.version > base.version,
  );
  const people = [...new Set(meanwhile.map((entry) => actorWord(entry.actor)))].join(", ");
  const name = words.transition(transition);
  const stage = words.stage(operation.stage);
  const still = operation.available.some((one) => one.transition === transition && one.allowed);
  return (
    <section role="alert" className={styles.conflict}>
      <strong>{people ? t`Changed in the meantime by ${people}` : t`Changed in the meantime`}</strong>
      <p className={styles.path}>
        <StatusChip status={operation.status} stage={stage} />
      </p>
      <ul>
        {meanwhile.map((entry) => (
          <li key={entry.seq}>
            {entry.transition ? words.transition(entry.transition) : t`Amount or data changed`}
            {entry.reason ? ` · ${reasonWords(entry.reason).internal}` : ""}
            {" · "}
            <Moment at={entry.at} now={now} />
            {entry.comment ? <q>{entry.comment}</q> : null}
          </li>
        ))}
      </ul>
      {still ? (
        <>
          <p>
            <Trans>Nothing has been changed by you yet, and what you typed is kept.</Trans>
          </p>
          <Button variant="default" size="xs" onClick={onGoOn}>
            <Trans>Go on from here</Trans>
          </Button>
        </>
      ) : (
        <p>{t`“${name}” can no longer be done from “${stage}”. Copy what you typed if you need it, and close this.`}</p>
      )}
    </section>
  );
}
