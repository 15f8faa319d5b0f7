import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { addGrant, replaceGrant } from "~/api/generated/calls";
import type { AddGrant } from "~/api/generated/model/add-grant";
import type { Grant } from "~/api/generated/model/grant";
import { useLatestKinds } from "~/lib/kinds";
import type { Suggestion } from "~/lib/query-language";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { QueryInput } from "~/ui/query-input";
import { Refused } from "~/ui/refused";
import styles from "./access.module.css";
import { useActWord, useChange, useWaitsWords } from "./access-queries";
import { AmountLimits, type Limit, limitsOf, type SentLimit } from "./amount-limits";
import { GrantEffect } from "./grant-effect";

export const ACTS = [
  "view",
  "restricted",
  "open",
  "amend",
  "report",
  "assign",
  "note",
  "export",
  "reveal",
  "connect",
  "manage",
] as const;
// What a scope may ask: all that is counted, so that numbers within it stay exact.
const SCOPED = /^(brand|kind|stage|status|attributes)\b/;

type Props = { role: string; roleWord: string; grant: Grant | null; onClose: () => void };

/** A grant of a role: a new one, or what takes the place of one; what it would do is told before it is saved. */
export function GrantDialog({ role, roleWord, grant, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const waits = useWaitsWords();
  const [may, setMay] = useState<string[]>(grant?.may ?? ["view"]);
  const [kinds, setKinds] = useState<string[]>(grant?.kinds ?? []);
  const [where, setWhere] = useState(grant?.where ?? "");
  const [limits, setLimits] = useState<readonly Limit[]>(grant?.amount_max ?? []);
  const [reason, setReason] = useState("");
  const sent: AddGrant = {
    role,
    may,
    kinds,
    where: where.trim(),
    amount_max: limitsOf(limits) as SentLimit[],
  };
  const save = useChange(
    () => {
      const whole = { ...sent, ...(reason.trim() ? { reason: reason.trim() } : {}) };
      return grant ? replaceGrant(String(grant.id), whole) : addGrant(whole);
    },
    (answer) => waits(answer) ?? t`${roleWord}: granted`,
    onClose,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate(undefined);
  };
  return (
    <Dialog
      title={grant ? t`Change grant ${grant.id} of ${roleWord}` : t`Grant something to ${roleWord}`}
      size={640}
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={submit}>
        <Words may={may} onChange={setMay} />
        <Kinds kinds={kinds} onChange={setKinds} />
        <Transitions word="move:" may={may} kinds={kinds} onChange={setMay} />
        <Transitions word="consent:" may={may} kinds={kinds} onChange={setMay} />
        <QueryInput
          label={t`Only where`}
          description={t`A query over brand, type, stage, status and counted data; empty: everywhere.`}
          value={where}
          onChange={setWhere}
          offers={isOffered}
        />
        <AmountLimits limits={limits} onChange={setLimits} />
        <TextInput
          label={t`Reason (optional)`}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <GrantEffect change={{ role, grant: may.length > 0 ? sent : null, revoke: grant?.id ?? null }} />
        {save.error ? <Refused told={explain(save.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={save.isPending} disabled={may.length === 0}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type MayProps = { may: readonly string[]; onChange: (may: string[]) => void };

function Words({ may, onChange }: MayProps) {
  const { t } = useLingui();
  const actWord = useActWord();
  const moves = may.filter((act) => act.startsWith("move:"));
  return (
    <Checkbox.Group
      label={t`May`}
      value={may.filter((act) => !act.startsWith("move:"))}
      onChange={(acts) => onChange([...acts, ...moves])}
    >
      <div className={styles.choices}>
        {ACTS.map((act, index) => (
          <Checkbox
            key={act}
            value={act}
            label={actWord(act)}
            size="xs"
            {...(index === 0 ? { "data-autofocus": true } : {})}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}

function Kinds({ kinds, onChange }: { kinds: readonly string[]; onChange: (kinds: string[]) => void }) {
  const { t } = useLingui();
  const known = useLatestKinds();
  return (
    <Checkbox.Group
      label={t`In these types`}
      description={t`None ticked: in all.`}
      value={[...kinds]}
      onChange={onChange}
    >
      <div className={styles.choices}>
        {known.map((one) => (
          <Checkbox key={one.document?.kind} value={one.document?.kind ?? ""} label={one.kind} size="xs" />
        ))}
      </div>
    </Checkbox.Group>
  );
}

type TransitionsProps = MayProps & { word: "move:" | "consent:"; kinds: readonly string[] };

/** The transitions that people make in the types that are meant, or consent to; the same name is the same word of a grant. */
function Transitions({ word, may, kinds, onChange }: TransitionsProps) {
  const { t } = useLingui();
  const known = useLatestKinds();
  const any = `${word}*`;
  const words = new Map<string, string>();
  for (const one of known) {
    if (kinds.length > 0 && !kinds.includes(one.document?.kind ?? "")) continue;
    for (const [name, transition] of Object.entries(one.document?.transitions ?? {})) {
      const open = word === "move:" ? transition.roles : transition.approvals;
      if ((open ?? []).length > 0 && !words.has(word + name)) words.set(word + name, one.transition(name));
    }
  }
  // Two transitions may be called the same: their names tell them apart.
  const called = [...words.values()];
  for (const [act, label] of words)
    if (called.indexOf(label) !== called.lastIndexOf(label))
      words.set(act, `${label} (${act.slice(word.length)})`);
  for (const act of may) if (act.startsWith(word) && act !== any && !words.has(act)) words.set(act, act);
  const others = may.filter((act) => !act.startsWith(word));
  const chosen = may.filter((act) => act.startsWith(word));
  return (
    <Checkbox.Group
      label={word === "move:" ? t`Transitions by hand` : t`Transitions it approves`}
      value={chosen}
      onChange={(now) => onChange([...others, ...now])}
    >
      <div className={styles.manyChoices}>
        <Checkbox
          value={any}
          label={word === "move:" ? t`Every transition` : t`Every one that others ask for`}
          size="xs"
        />
        {chosen.includes(any)
          ? null
          : [...words]
              .sort((a, b) => a[1].localeCompare(b[1]))
              .map(([act, label]) => <Checkbox key={act} value={act} label={label} size="xs" />)}
      </div>
    </Checkbox.Group>
  );
}

function isOffered(option: Suggestion): boolean {
  return option.kind !== "field" || SCOPED.test(option.text.trim().replace(/^-/, ""));
}
