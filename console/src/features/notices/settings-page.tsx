import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { HoursForm } from "./hours-form";
import { Matrix } from "./matrix";
import { Muted } from "./muted";
import styles from "./settings-page.module.css";
import { settingsOptions } from "./settings-query";
import { Subscriptions } from "./subscriptions";

/** What the reader is told of, how and when. */
export function SettingsPage() {
  const { t } = useLingui();
  const { data: settings, error, isPending, refetch } = useQuery(settingsOptions);
  const waiting = useWaitedLong(isPending);
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`What I am told`} · Viertakt`}</title>
      <div>
        <Link to="/inbox" className={styles.back}>
          <Trans>Inbox</Trans>
        </Link>
        <h1 className={layout.heading}>
          <Trans>What I am told</Trans>
        </h1>
      </div>
      {settings ? (
        <>
          <Matrix settings={settings} />
          <HoursForm settings={settings} />
          <Subscriptions />
          <Muted />
        </>
      ) : error ? (
        <FailedFace error={error} onRetry={refetch} />
      ) : waiting ? (
        <Face title={t`Loading…`} />
      ) : null}
    </main>
  );
}
