import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { testMail } from "~/api/generated/calls";
import type { MatrixLine } from "~/api/generated/model/matrix-line";
import type { NoticeSettings } from "~/api/generated/model/notice-settings";
import { useAnnounce } from "~/lib/announce";
import { wordFromName } from "~/lib/words";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { useEventWord } from "./notice-words";
import { PaceSelect } from "./pace-select";
import styles from "./settings-page.module.css";
import { useChangeSettings, zoneOf } from "./settings-query";

/** Each event with its channels; what is chosen is kept at once. */
export function Matrix({ settings }: { settings: NoticeSettings }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const event = useEventWord();
  const change = useChangeSettings();
  const test = useMutation({
    mutationFn: () => testMail(),
    onSuccess: () => announce(t`A test mail is on its way.`),
  });
  const choose = (line: MatrixLine, chosen: Partial<MatrixLine>) => {
    const { event: name, console: shown, mail } = { ...line, ...chosen };
    // Without a zone of their own yet, the hours of a mail are the browser's.
    const first = settings.zone === "UTC" ? { zone: zoneOf(settings) } : {};
    change.mutate({ ...first, lines: [{ event: name, console: shown, mail }] });
  };
  const by = (line: MatrixLine) => {
    if (line.by === "own") return t`your choice`;
    return line.by.startsWith("role:") ? wordFromName(line.by.slice("role:".length)) : t`as usual`;
  };
  const error = change.error ?? test.error;
  return (
    <section aria-labelledby="notices-matrix" className={styles.section}>
      <h2 id="notices-matrix" className={layout.band}>
        <Trans>Events</Trans>
      </h2>
      <p className={styles.explained}>
        <Trans>
          Of all that you may see. What you choose stands in the place of what your role hears of.
        </Trans>
      </p>
      <table className={styles.table} aria-labelledby="notices-matrix">
        <thead>
          <tr>
            <th scope="col">{t`Event`}</th>
            <th scope="col">{t`In the console`}</th>
            <th scope="col">{t`By mail`}</th>
            <th scope="col">{t`Chosen by`}</th>
          </tr>
        </thead>
        <tbody>
          {settings.lines.map((line) => (
            <tr key={line.event}>
              <th scope="row">{event(line.event)}</th>
              <td>
                <Checkbox
                  aria-label={t`${event(line.event)}: in the console`}
                  checked={line.console}
                  onChange={({ currentTarget }) => choose(line, { console: currentTarget.checked })}
                />
              </td>
              <td>
                <PaceSelect
                  hidden
                  label={t`${event(line.event)}: by mail`}
                  value={line.mail}
                  onChange={(mail) => choose(line, { mail })}
                />
              </td>
              <td className={styles.muted}>{by(line)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {error ? (
        <p role="alert" className={styles.refused}>
          {explain(error)}
        </p>
      ) : null}
      {settings.mail_works ? (
        <div className={styles.row}>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            <Trans>Send a test mail</Trans>
          </Button>
          <span className={styles.muted}>{settings.mail_to}</span>
        </div>
      ) : (
        <p className={styles.explained}>
          <Trans>This installation sends no mail: no mail server is set up.</Trans>
        </p>
      )}
    </section>
  );
}
