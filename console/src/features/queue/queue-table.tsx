import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import { useNow } from "~/lib/clock";
import { formatDuration } from "~/lib/durations";
import { type KindWords, useWordsFor } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { useAssigneeWord, useAssignment, useMomentWord, usePriorityWord } from "~/lib/work";
import { DeadlineText } from "~/ui/deadline";
import { StatusChip } from "~/ui/status-chip";
import tables from "~/ui/table.module.css";
import styles from "./queue-page.module.css";
import type { Section } from "./queue-sections";

type Props = { section: Section; items: readonly OperationAtWork[]; onChanged: () => void };

/** A row for each operation; on a small screen each is a card. */
export function QueueTable({ section, items, onChanged }: Props) {
  const { t } = useLingui();
  const now = useNow();
  const wordsFor = useWordsFor(items);
  return (
    <table className={`${tables.table} ${tables.cards} ${styles.columns}`} aria-label={section.title}>
      <thead>
        <tr>
          <th scope="col">{t`What`}</th>
          <th scope="col">{t`Status`}</th>
          <th scope="col" className={tables.number}>
            {t`Amount`}
          </th>
          <th scope="col">{t`Deadline`}</th>
          <th scope="col">{section.id === "snoozed" ? t`Until` : t`Who works on it`}</th>
          <th scope="col">{t`What to do`}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((operation) => (
          <Row
            key={operation.id}
            section={section.id}
            operation={operation}
            words={wordsFor(operation)}
            now={now}
            onChanged={onChanged}
          />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = {
  section: Section["id"];
  operation: OperationAtWork;
  words: KindWords;
  now: number;
  onChanged: () => void;
};

function Row({ section, operation, words, now, onChanged }: RowProps) {
  const { t } = useLingui();
  const language = useLanguage();
  const priority = usePriorityWord();
  const change = useAssignment(operation);
  const level = operation.assignment?.priority ?? "normal";
  const acts = {
    held: { act: "release", label: t`Let go` },
    assigned: { act: "claim", label: t`Pick up` },
    free: { act: "claim", label: t`Pick up` },
    snoozed: { act: "wake", label: t`Take up now` },
  } as const;
  const { act, label } = acts[section];
  return (
    <tr>
      <td>
        {words.kind}{" "}
        <Link to="/operations/$id" params={{ id: operation.id }}>
          {operation.reference}
        </Link>
        {operation.subject ? <p className={tables.muted}>{operation.subject}</p> : null}
        {level !== "normal" ? <p className={tables.muted}>{priority(level)}</p> : null}
      </td>
      <td>
        <StatusChip status={operation.status} stage={words.stage(operation.stage)} />
      </td>
      <td className={tables.number}>{operation.amount ? formatMoney(operation.amount, language) : null}</td>
      <td data-label={t`Deadline`} data-empty={operation.deadline_at ? undefined : ""}>
        {operation.deadline_at ? <DeadlineText at={operation.deadline_at} now={now} /> : null}
      </td>
      <td>
        <Held section={section} operation={operation} now={now} />
      </td>
      <td>
        <Button
          variant="default"
          size="xs"
          loading={change.isPending}
          onClick={() => change.mutate({ act }, { onSuccess: onChanged })}
        >
          {label}
        </Button>
      </td>
    </tr>
  );
}

function Held({ section, operation, now }: Pick<RowProps, "section" | "operation" | "now">) {
  const { t, i18n } = useLingui();
  const word = useAssigneeWord();
  const moment = useMomentWord();
  const held = operation.assignment;
  if (section === "snoozed") return moment(held?.snoozed_until);
  if (section === "held" && held?.lease_until) {
    const left = formatDuration(i18n, Date.parse(held.lease_until) - now);
    return t`${left} left`;
  }
  return held?.assignee ? word(held.assignee) : null;
}
