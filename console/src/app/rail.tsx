import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { RailViews } from "~/features/views/rail-views";
import { alertsOptions } from "~/lib/alerts";
import { approvalsOptions } from "~/lib/approvals";
import { badgeOptions } from "~/lib/inbox";
import { usePreferences } from "~/lib/preferences";
import { sessionOptions } from "~/lib/session";
import { Icon } from "~/ui/icon";
import styles from "./rail.module.css";
import { AdministrationLinks } from "./rail-administration";

/** The sections that exist; `drawn` out over a small page, never folded. A section comes here with its page, never before it. */
export function Rail({ version, drawn = false }: { version: string | null; drawn?: boolean }) {
  const { t } = useLingui();
  const { railFolded, prefer } = usePreferences();
  const folded = railFolded && !drawn;
  const { data } = useQuery(approvalsOptions("decide"));
  const count = data?.items.length ?? 0;
  const { data: badge } = useQuery(badgeOptions);
  const unread = badge?.capped ? `${badge.unread}+` : `${badge?.unread ?? 0}`;
  const { data: alerts } = useQuery(alertsOptions);
  const alarming = alerts?.items.filter((alert) => alert.closed_at === null).length ?? 0;
  const { view } = useSearch({ strict: false });
  const { data: session } = useQuery(sessionOptions);
  return (
    <nav
      className={styles.rail}
      aria-label={t`Sections`}
      data-folded={folded ? "" : undefined}
      data-drawn={drawn ? "" : undefined}
    >
      <h2 className={styles.group}>
        <Trans>Work</Trans>
      </h2>
      <ul>
        <li>
          <Link
            to="/queue"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            activeOptions={{ includeSearch: false }}
            title={folded ? t`My queue` : undefined}
          >
            <Icon name="queue" />
            <span className={styles.word}>
              <Trans>My queue</Trans>
            </span>
          </Link>
        </li>
        <li>
          <Link
            to="/inbox"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            activeOptions={{ includeSearch: false }}
            title={folded ? t`Inbox` : undefined}
          >
            <Icon name="inbox" />
            <span className={styles.word}>
              <Trans>Inbox</Trans>
            </span>
            {badge?.unread ? (
              <span className={styles.count} title={t`Unread: ${unread}`}>
                {unread}
              </span>
            ) : null}
          </Link>
        </li>
        <li>
          <Link
            to="/overview"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            title={folded ? t`Overview` : undefined}
          >
            <Icon name="overview" />
            <span className={styles.word}>
              <Trans>Overview</Trans>
            </span>
          </Link>
        </li>
        <li>
          <Link
            to="/operations"
            className={styles.section}
            activeProps={view ? {} : { "data-active": "" }}
            title={folded ? t`Operations` : undefined}
          >
            <Icon name="list" />
            <span className={styles.word}>
              <Trans>Operations</Trans>
            </span>
          </Link>
        </li>
        <li>
          <Link
            to="/approvals"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            title={folded ? t`Approvals` : undefined}
          >
            <Icon name="approvals" />
            <span className={styles.word}>
              <Trans>Approvals</Trans>
            </span>
            {count ? (
              <span className={styles.count} title={t`For you to decide: ${count}`}>
                {count}
              </span>
            ) : null}
          </Link>
        </li>
        <li>
          <Link
            to="/bulk"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            title={folded ? t`Bulk` : undefined}
          >
            <Icon name="bulk" />
            <span className={styles.word}>
              <Trans>Bulk</Trans>
            </span>
          </Link>
        </li>
        <li>
          <Link
            to="/signals"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            activeOptions={{ includeSearch: false }}
            title={folded ? t`Signals` : undefined}
          >
            <Icon name="signals" />
            <span className={styles.word}>
              <Trans>Signals</Trans>
            </span>
          </Link>
        </li>
      </ul>
      <h2 className={styles.group}>
        <Trans>Insight</Trans>
      </h2>
      <ul>
        <li>
          <Link
            to="/reports"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            activeOptions={{ includeSearch: false }}
            title={folded ? t`Reports` : undefined}
          >
            <Icon name="report" />
            <span className={styles.word}>
              <Trans>Reports</Trans>
            </span>
          </Link>
        </li>
        <li>
          <Link
            to="/alerts"
            className={styles.section}
            activeProps={{ "data-active": "" }}
            title={folded ? t`Alerts` : undefined}
          >
            <Icon name="alert" />
            <span className={styles.word}>
              <Trans>Alerts</Trans>
            </span>
            {alarming ? (
              <span className={styles.count} title={t`Open: ${alarming}`}>
                {alarming}
              </span>
            ) : null}
          </Link>
        </li>
      </ul>
      {session?.connects ? <AdministrationLinks folded={folded} manages={session.manages} /> : null}
      {folded ? null : <RailViews opened={view} />}
      <div className={styles.foot}>
        {drawn ? null : (
          <button
            type="button"
            className={styles.section}
            aria-expanded={!railFolded}
            onClick={() => prefer({ railFolded: !railFolded })}
            title={railFolded ? t`Unfold the menu ([)` : t`Fold the menu ([)`}
          >
            <Icon name="fold" />
            <span className={styles.word}>{railFolded ? t`Unfold` : t`Fold`}</span>
            <kbd className={styles.word}>[</kbd>
          </button>
        )}
        {version ? <p className={styles.version}>Viertakt {version}</p> : null}
      </div>
    </nav>
  );
}
