import { Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNow } from "~/lib/clock";
import { formatDuration } from "~/lib/durations";
import { useLanguage } from "~/lib/language";
import { formatCount, localeOf } from "~/lib/money";
import { STATUSES } from "~/lib/statuses";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { useStatusWord } from "~/ui/status-chip";
import { Figure } from "./figure";
import { KindsTable } from "./kinds-table";
import styles from "./overview.module.css";
import {
  asPeriod,
  countOptions,
  countsByOptions,
  firstDay,
  oldestOptions,
  type Period,
  sumOf,
} from "./overview-query";

const OPEN = "status:pending";
const LATE = "is:overdue";
const WAITING = "status:pending waiting_on:operator,second_approver";

type Props = { period: string | undefined; onPeriod: (period: Period) => void };

/** How things stand, at a glance: what is open and late now, and what a period brought. Every number leads to its list. */
export function OverviewPage({ period: given, onPeriod }: Props) {
  const { t, i18n } = useLingui();
  const language = useLanguage();
  const now = useNow();
  const statusWord = useStatusWord();
  const period = asPeriod(given);
  const since = firstDay(period);
  const created = `created>=${since}`;
  const finished = `closed>=${since}`;

  const open = useQuery(countOptions(OPEN));
  const late = useQuery(countOptions(LATE));
  const waiting = useQuery(countOptions(WAITING));
  const oldest = useQuery(oldestOptions(OPEN));
  const opened = useQuery(countOptions(created));
  const ended = useQuery(countsByOptions(finished, "status"));

  const count = (of: { value: number; capped?: boolean } | null | undefined) =>
    of ? `${formatCount(of.value, language)}${of.capped ? "+" : ""}` : undefined;
  const ends = ended.data?.items ?? [];
  const capped = ends.some((one) => one.capped);
  const endedCount = ended.data ? { value: sumOf(ends, (one) => one.status !== "pending"), capped } : null;
  const percent = new Intl.NumberFormat(localeOf(language), { style: "percent", maximumFractionDigits: 1 });
  const share = (of: number) =>
    // A share of what was not counted to its end would be a guess.
    endedCount === null
      ? undefined
      : endedCount.value === 0 || capped
        ? "–"
        : percent.format(of / endedCount.value);

  return (
    <main className={styles.page}>
      <title>{`${t`Overview`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={layout.heading}>
          <Trans>Overview</Trans>
        </h1>
      </div>
      {open.isError && !open.data ? (
        <FailedFace error={open.error} onRetry={() => open.refetch()} />
      ) : (
        <>
          <section aria-labelledby="overview-now">
            <h2 id="overview-now" className={layout.band}>
              <Trans>Now</Trans>
            </h2>
            <ul className={styles.figures}>
              <Figure label={t`Open`} value={count(open.data)} q={OPEN} status="pending" />
              <Figure
                label={t`Late`}
                value={count(late.data)}
                strong={(late.data?.value ?? 0) > 0}
                note={t`past the deadline`}
                q={LATE}
              />
              <Figure
                label={t`Waiting on us`}
                value={count(waiting.data)}
                note={t`for somebody to decide`}
                q={WAITING}
              />
              <Figure
                label={t`Oldest open`}
                value={
                  oldest.data === undefined
                    ? undefined
                    : oldest.data
                      ? formatDuration(i18n, now - Date.parse(oldest.data.created_at))
                      : "–"
                }
                note={oldest.data?.reference}
                q={OPEN}
                sort="created_at"
              />
            </ul>
          </section>
          <section aria-labelledby="overview-period">
            <div className={styles.periodHead}>
              <h2 id="overview-period" className={layout.band}>
                <Trans>In this period</Trans>
              </h2>
              <SegmentedControl
                size="xs"
                aria-label={t`Period`}
                value={period}
                onChange={(value) => onPeriod(asPeriod(value))}
                data={[
                  { value: "1", label: t`Today` },
                  { value: "7", label: t`7 days` },
                  { value: "30", label: t`30 days` },
                ]}
              />
            </div>
            <ul className={styles.figures}>
              <Figure label={t`Created`} value={count(opened.data)} q={created} />
              <Figure label={t`Finished`} value={count(endedCount)} q={`${finished} -status:pending`} />
              {STATUSES.filter((status) => status !== "pending").map((status) => {
                const found = ends.find((one) => one.status === status);
                return (
                  <Figure
                    key={status}
                    label={statusWord(status)}
                    value={share(found?.count ?? 0)}
                    note={found ? count({ ...found, value: found.count }) : undefined}
                    status={status}
                    q={`status:${status} ${finished}`}
                  />
                );
              })}
            </ul>
          </section>
          <KindsTable since={since} />
        </>
      )}
    </main>
  );
}
