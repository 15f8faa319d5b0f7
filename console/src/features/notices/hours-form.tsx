import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ChangeNoticeSettings } from "~/api/generated/model/change-notice-settings";
import type { NoticeSettings } from "~/api/generated/model/notice-settings";
import { useAnnounce } from "~/lib/announce";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import styles from "./settings-page.module.css";
import { useChangeSettings, zoneOf } from "./settings-query";

type Hours = { quiet: boolean; from: string; until: string; digest: string; zone: string };

/** When mails come: never at night, and the day's digest at an hour of the reader's own. */
export function HoursForm({ settings }: { settings: NoticeSettings }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const change = useChangeSettings();
  // What was typed; all else is what the settings say, also when another tab changes them.
  const [typed, setTyped] = useState<Partial<Hours>>({});
  const hours = { ...hoursOf(settings), ...typed };
  const type = (more: Partial<Hours>) => setTyped((before) => ({ ...before, ...more }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(changeOf(hours, typed, settings), {
      onSuccess: () => {
        setTyped({});
        announce(t`Your hours are saved.`);
      },
    });
  };
  return (
    <section aria-labelledby="notices-hours" className={styles.section}>
      <h2 id="notices-hours" className={layout.band}>
        <Trans>Hours</Trans>
      </h2>
      <form className={styles.form} onSubmit={submit} aria-labelledby="notices-hours">
        <Checkbox
          label={t`No mail in my quiet hours`}
          checked={hours.quiet}
          onChange={(event) => type({ quiet: event.currentTarget.checked })}
        />
        {hours.quiet ? (
          <div className={styles.row}>
            <TextInput
              type="time"
              label={t`From`}
              required
              value={hours.from}
              onChange={(event) => type({ from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t`Until`}
              required
              value={hours.until}
              onChange={(event) => type({ until: event.currentTarget.value })}
            />
          </div>
        ) : null}
        <TextInput
          type="time"
          label={t`The day's mail at`}
          required
          value={hours.digest}
          onChange={(event) => type({ digest: event.currentTarget.value })}
        />
        <TextInput
          label={t`Time zone`}
          required
          maxLength={64}
          value={hours.zone}
          onChange={(event) => type({ zone: event.currentTarget.value })}
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

function hoursOf(settings: NoticeSettings): Hours {
  return {
    quiet: settings.quiet_from !== null,
    from: settings.quiet_from ?? "22:00",
    until: settings.quiet_until ?? "07:00",
    digest: settings.digest_at,
    zone: zoneOf(settings),
  };
}

/** Only what was typed; quiet hours have a beginning and an end, and are changed together. */
function changeOf(hours: Hours, typed: Partial<Hours>, settings: NoticeSettings): ChangeNoticeSettings {
  const { quiet, from, until, digest, zone } = hours;
  const quietly = "quiet" in typed || "from" in typed || "until" in typed;
  return {
    ...("zone" in typed || zone !== settings.zone ? { zone } : {}),
    ...("digest" in typed ? { digest_at: digest } : {}),
    ...(quietly ? { quiet_from: quiet ? from : null, quiet_until: quiet ? until : null } : {}),
  };
}
