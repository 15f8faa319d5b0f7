import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { formatDuration } from "~/lib/durations";
import { useTip } from "~/lib/shortcuts/keys";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import {
  PRIORITIES,
  useAssigneeWord,
  useAssignment,
  useMe,
  useMomentWord,
  usePriorityWord,
} from "~/lib/work";
import { useProblemWords } from "~/ui/faces";
import { AssignDialog } from "./assign-dialog";
import { SnoozeDialog } from "./snooze-dialog";
import styles from "./work-row.module.css";

const RENEWED_EVERY = 5 * 60_000;

type Props = { operation: OperationDetail; now: number };

/** Who works on it, and what the reader can do about that. */
export function WorkRow({ operation, now }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const explain = useProblemWords();
  const change = useAssignment(operation);
  const held = operation.assignment;
  const mine = held?.claimed_by?.id === me && me !== "";
  const snoozed = held?.snoozed_until != null && Date.parse(held.snoozed_until) > now;
  useRenewal(mine, () => change.mutate({ act: "renew" }));
  return (
    <section className={styles.work} aria-label={t`Who works on it`}>
      <p className={styles.who}>
        <WhoHas operation={operation} mine={mine} snoozed={snoozed} now={now} />
      </p>
      {operation.may.includes("assign") ? (
        <WorkActs operation={operation} mine={mine} snoozed={snoozed} change={change} />
      ) : null}
      {change.error ? (
        <p role="alert" className={styles.refused}>
          {explain(change.error)}
        </p>
      ) : null}
    </section>
  );
}

type ActsProps = {
  operation: OperationDetail;
  mine: boolean;
  snoozed: boolean;
  change: ReturnType<typeof useAssignment>;
};

function WorkActs({ operation, mine, snoozed, change }: ActsProps) {
  const { t } = useLingui();
  const tip = useTip();
  const priorityWord = usePriorityWord();
  const [asking, setAsking] = useState<"assign" | "snooze" | null>(null);
  const held = operation.assignment;
  const priority = priorityWord(held?.priority ?? "normal");
  const toggle = () => change.mutate({ act: mine ? "release" : "claim" });
  useShortcuts({
    claim: toggle,
    assign: () => setAsking("assign"),
    snooze: () => setAsking("snooze"),
  });
  return (
    <>
      <div className={styles.acts}>
        <Button
          variant="default"
          size="xs"
          title={tip(mine ? t`Let go` : t`Pick up`, "claim")}
          disabled={!mine && held?.claimed_by != null}
          onClick={toggle}
        >
          {mine ? t`Let go` : t`Pick up`}
        </Button>
        <Button variant="default" size="xs" onClick={() => setAsking("assign")}>
          <Trans>Assign…</Trans>
        </Button>
        {snoozed ? (
          <Button variant="default" size="xs" onClick={() => change.mutate({ act: "wake" })}>
            <Trans>Take up now</Trans>
          </Button>
        ) : (
          <Button
            variant="default"
            size="xs"
            title={tip(t`Snooze…`, "snooze")}
            onClick={() => setAsking("snooze")}
          >
            <Trans>Snooze…</Trans>
          </Button>
        )}
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <Button variant="default" size="xs">
              <Trans>Priority: {priority}</Trans>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {PRIORITIES.map((level) => (
              <Menu.Item key={level} onClick={() => change.mutate({ act: "prioritise", priority: level })}>
                {priorityWord(level)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {asking === "assign" ? <AssignDialog operation={operation} onClose={() => setAsking(null)} /> : null}
      {asking === "snooze" ? <SnoozeDialog operation={operation} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

type HasProps = Props & { mine: boolean; snoozed: boolean };

function WhoHas({ operation, mine, snoozed, now }: HasProps) {
  const { i18n } = useLingui();
  const word = useAssigneeWord();
  const moment = useMomentWord();
  const held = operation.assignment;
  const left = held?.lease_until ? formatDuration(i18n, Date.parse(held.lease_until) - now) : "";
  const assignee = held?.assignee ? word(held.assignee) : "";
  const holder = held?.claimed_by?.name ?? "";
  const until = moment(held?.snoozed_until);
  return (
    <>
      {assignee ? <Trans>Assigned to {assignee}</Trans> : <Trans>Assigned to nobody</Trans>}
      {mine ? (
        <strong>
          {" · "}
          <Trans>you picked it up, {left} left</Trans>
        </strong>
      ) : holder ? (
        <strong>
          {" · "}
          <Trans>{holder} picked it up</Trans>
        </strong>
      ) : null}
      {snoozed ? (
        <>
          {" · "}
          <Trans>snoozed until {until}</Trans>
        </>
      ) : null}
    </>
  );
}

/** Keeps the reader's claim alive for as long as the page stands open and is looked at. */
function useRenewal(mine: boolean, renew: () => void): void {
  const latest = useRef(renew);
  latest.current = renew;
  useEffect(() => {
    if (!mine) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") latest.current();
    }, RENEWED_EVERY);
    return () => clearInterval(timer);
  }, [mine]);
}
