import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { changeIncident } from "~/api/generated/calls";
import type { ChangeIncident } from "~/api/generated/model/change-incident";
import type { Incident } from "~/api/generated/model/incident";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { NumberField } from "~/ui/number-field";
import { Refused } from "~/ui/refused";
import styles from "./alerts.module.css";
import { useAct } from "./incident-queries";

type Act = "note" | "pause" | "release" | "close";
const PER_MINUTE = 60;
const PER_MINUTE_MAX = 6_000;

/** What whoever manages may do about an incident now. */
export function IncidentActs({ incident }: { incident: Incident }) {
  const { t } = useLingui();
  const [act, setAct] = useState<Act | null>(null);
  const { state } = incident;
  return (
    <div className={styles.acts}>
      {state === "paused" ? <Button onClick={() => setAct("release")}>{t`Release…`}</Button> : null}
      {state === "open" ? <Button onClick={() => setAct("close")}>{t`Close the incident…`}</Button> : null}
      {state === "open" || state === "releasing" ? (
        <Button variant="default" onClick={() => setAct("pause")}>{t`Let them wait…`}</Button>
      ) : null}
      <Button variant="default" onClick={() => setAct("note")}>{t`Note…`}</Button>
      {act ? <ActDialog key={act} act={act} incident={incident} onClose={() => setAct(null)} /> : null}
    </div>
  );
}

function ActDialog({ act, incident, onClose }: { act: Act; incident: Incident; onClose: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [comment, setComment] = useState("");
  const [perMinute, setPerMinute] = useState(PER_MINUTE);
  const words = useActWords(act);
  const change = useAct((sent: ChangeIncident) => changeIncident(incident.id, sent), words.done, onClose);
  const said = comment.trim();
  return (
    <Dialog title={words.title} size={520} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (change.isPending) return;
          change.mutate({
            act,
            ...(said ? { comment: said } : {}),
            ...(act === "release" ? { per_minute: perMinute } : {}),
          });
        }}
      >
        <p>{words.about}</p>
        {act === "release" ? (
          <NumberField
            label={t`Operations asked about a minute`}
            min={1}
            max={PER_MINUTE_MAX}
            value={perMinute}
            onChange={setPerMinute}
          />
        ) : null}
        <Textarea
          label={act === "note" ? t`Note` : t`Note (optional)`}
          required={act === "note"}
          data-autofocus
          autosize
          minRows={2}
          maxLength={2000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {change.error ? <Refused told={explain(change.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={change.isPending} disabled={act === "note" && !said}>
            {words.does}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useActWords(act: Act): {
  title: string;
  about: string;
  does: string;
  done: (incident: Incident) => string;
} {
  const { t } = useLingui();
  switch (act) {
    case "note":
      return {
        title: t`Note`,
        about: t`It stands in the timeline, with your name.`,
        does: t`Write`,
        done: () => t`Noted`,
      };
    case "pause":
      return {
        title: t`Let its operations wait`,
        about: t`Programs do not send them, nobody is asked about them, and their deadlines stand still.`,
        does: t`Let them wait`,
        done: ({ title }) => t`${title}: its operations wait`,
      };
    case "release":
      return {
        title: t`Release`,
        about: t`Deadlines get back the time they stood still. Whoever is asked what became of operations is asked no faster than this.`,
        does: t`Release`,
        done: ({ title }) => t`${title}: being released`,
      };
    case "close":
      return {
        title: t`Close the incident`,
        about: t`Nothing waits because of it any more. Its timeline stays.`,
        does: t`Close the incident`,
        done: ({ title }) => t`${title}: closed`,
      };
  }
}
