import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { NoticeSettings } from "~/api/generated/model/notice-settings";
import { useAnnounce } from "~/lib/announce";
import { zone as browserZone } from "~/lib/clock";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import styles from "./settings-page.module.css";
import { useChangeSettings } from "./settings-query";

/** When mails come: never at night, and the day's digest at an hour of the reader's own. */
export function HoursForm({ settings }: { settings: NoticeSettings }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const change = useChangeSettings();
  const [quiet, setQuiet] = useState(settings.quiet_from !== null);
  const [from, setFrom] = useState(settings.quiet_from ?? "22:00");
  const [until, setUntil] = useState(settings.quiet_until ?? "07:00");
  const [digest, setDigest] = useState(settings.digest_at);
  const [zone, setZone] = useState(settings.zone === "UTC" ? browserZone() : settings.zone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const hours = { quiet_from: quiet ? from : null, quiet_until: quiet ? until : null };
    change.mutate(
      { settings, change: { zone, digest_at: digest, ...hours } },
      { onSuccess: () => announce(t`Your hours are saved.`) },
    );
  };
  return (
    <section aria-labelledby="notices-hours" className={styles.section}>
      <h2 id="notices-hours" className={layout.band}>
        <Trans>Hours</Trans>
      </h2>
      <form className={styles.form} onSubmit={submit} aria-labelledby="notices-hours">
        <Checkbox
          label={t`No mail in my quiet hours`}
          checked={quiet}
          onChange={(event) => setQuiet(event.currentTarget.checked)}
        />
        {quiet ? (
          <div className={styles.row}>
            <TextInput
              type="time"
              label={t`From`}
              required
              value={from}
              onChange={(e) => setFrom(e.currentTarget.value)}
            />
            <TextInput
              type="time"
              label={t`Until`}
              required
              value={until}
              onChange={(e) => setUntil(e.currentTarget.value)}
            />
          </div>
        ) : null}
        <TextInput
          type="time"
          label={t`The day's mail at`}
          required
          value={digest}
          onChange={(event) => setDigest(event.currentTarget.value)}
        />
        <TextInput
          label={t`Time zone`}
          required
          maxLength={64}
          value={zone}
          onChange={(event) => setZone(event.currentTarget.value)}
        />
        {change.error ? (
          <p role="alert" className={styles.refused}>
            {explain(change.error)}
          </p>
        ) : null}
        <Button type="submit" variant="default" loading={change.isPending}>
          <Trans>Save my hours</Trans>
        </Button>
      </form>
    </section>
  );
}
