import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { openIncident } from "~/api/generated/calls";
import type { Alert } from "~/api/generated/model/alert";
import type { Incident } from "~/api/generated/model/incident";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { quoted } from "~/lib/query-text";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { QueryInput } from "~/ui/query-input";
import { Refused } from "~/ui/refused";
import styles from "./alerts.module.css";
import { underWayOptions, useAct } from "./incident-queries";

const PAUSE = 400; // ms in which nobody types

type Props = { alert?: Alert; title?: string; onClose: () => void; onOpened: (incident: Incident) => void };

/** A new incident: what is wrong, which operations it concerns, and whether they wait. */
export function IncidentDialog({ alert, title: proposed = "", onClose, onOpened }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [title, setTitle] = useState(proposed);
  const [q, setQ] = useState(alert ? [`kind:${alert.kind}`, ...whoseOf(alert)].join(" ") : "");
  const [pause, setPause] = useState(true);
  const [comment, setComment] = useState("");
  const open = useAct(openIncident, (made) => t`Incident opened: ${made.title}`, onOpened);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (open.isPending) return;
    open.mutate({
      title: title.trim(),
      q: q.trim(),
      pause,
      ...(alert ? { alerts: [alert.id] } : {}),
      ...(comment.trim() ? { comment: comment.trim() } : {}),
    });
  };
  return (
    <Dialog title={t`Open an incident`} size={600} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={t`What is wrong`}
          required
          data-autofocus
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <QueryInput
          label={t`Which operations`}
          description={t`What goes to that provider, such as kind:deposit attributes.method:card.`}
          value={q}
          onChange={setQ}
          offers={isOffered}
        />
        <UnderWay q={q.trim()} />
        <Checkbox
          label={t`Let them wait`}
          description={t`Programs do not send them, nobody is asked about them, and their deadlines stand still.`}
          checked={pause}
          onChange={(event) => setPause(event.currentTarget.checked)}
        />
        <Textarea
          label={t`Note (optional)`}
          autosize
          minRows={2}
          maxLength={2000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {open.error ? <Refused told={explain(open.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={open.isPending} disabled={!title.trim() || !q.trim()}>
            <Trans>Open the incident</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** How many operations it concerns now, so that nobody stops more, or fewer, than was meant. */
function UnderWay({ q }: { q: string }) {
  const { t } = useLingui();
  const language = useLanguage();
  const [asked] = useDebouncedValue(q, PAUSE);
  const { data: count } = useQuery(underWayOptions(asked));
  if (!count || asked !== q) return <p className={styles.muted} role="status" />;
  const many = formatCount(count.value, language);
  return (
    <p className={styles.muted} role="status">
      {count.capped ? t`Under way now: ${many} or more` : t`Under way now: ${many}`}
    </p>
  );
}

function whoseOf(alert: Alert): string[] {
  const brand = alert.brand ? [`brand:${quoted(alert.brand)}`] : [];
  const provider = alert.provider
    ? [`attributes.${alert.provider.attribute}:${quoted(alert.provider.value)}`]
    : [];
  return [...brand, ...provider];
}

const isOffered = () => true;
