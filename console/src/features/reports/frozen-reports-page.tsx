import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import { frozenListOptions } from "./frozen-query";
import { daysText } from "./report-stamp";
import tables from "./report-table.module.css";
import { useReportTitle } from "./report-titles";
import styles from "./reports.module.css";

/** The reports that were frozen, the newest first. */
export function FrozenReportsPage() {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  const titleOf = useReportTitle();
  const { data, error, isPending, refetch } = useQuery(frozenListOptions);
  const now = useNow();
  const waiting = useWaitedLong(isPending);
  return (
    <main className={styles.page}>
      <title>{`${t`Frozen reports`} · Viertakt`}</title>
      <h1 className={layout.heading}>
        <Trans>Frozen reports</Trans>
      </h1>
      <p>
        <Link to="/reports" className={styles.back}>
          <Trans>All reports</Trans>
        </Link>
      </p>
      {error && !data ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading`}</p> : null}
      {data?.items.length === 0 ? (
        <Face title={t`Nothing is frozen yet`}>
          <p>
            <Trans>
              Open a report of a month that is over and choose “Freeze…”: its numbers are kept as they are,
              and what changes later is shown as a correction.
            </Trans>
          </p>
        </Face>
      ) : null}
      {data && data.items.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
        <section className={tables.scroller} tabIndex={0} aria-label={t`Frozen reports`}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">{t`Title`}</th>
                <th scope="col">{t`Report`}</th>
                <th scope="col">{t`Period`}</th>
                <th scope="col">{t`Filter`}</th>
                <th scope="col">{t`Frozen by`}</th>
                <th scope="col">{t`Frozen`}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Link to="/frozen-reports/$id" params={{ id: one.id }} className={tables.link}>
                      {one.title}
                    </Link>
                  </td>
                  <td>{titleOf(one.name)}</td>
                  <td>{daysText(one.from, one.to, one.zone, locale)}</td>
                  <td>{one.q ? <code>{one.q}</code> : "–"}</td>
                  <td>{one.frozen_by.name}</td>
                  <td>
                    <Moment at={one.frozen_at} now={now} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </main>
  );
}
