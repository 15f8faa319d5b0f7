import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { getReadFrozenReportUrl } from "~/api/generated/calls";
import { useNow, useWaitedLong } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import { FrozenCorrections } from "./frozen-corrections";
import { frozenOptions } from "./frozen-query";
import { ReportBody } from "./report-body";
import { kindsIn, ofKind } from "./report-model";
import { FILE_FORMATS } from "./report-query";
import { isOfNow } from "./report-search";
import { ReportSkeleton } from "./report-skeleton";
import { ReportStamp } from "./report-stamp";
import { useReportTitle } from "./report-titles";
import styles from "./reports.module.css";
import { useReportWords } from "./use-report-words";

/** A report as it was when it was frozen, and what has corrected it since. */
export function FrozenReportPage({ id }: { id: string }) {
  const { t } = useLingui();
  const words = useReportWords();
  const titleOf = useReportTitle();
  const language = useLanguage();
  const [asTable, setAsTable] = useState(false);
  const { data, error, isPending, refetch } = useQuery(frozenOptions(id));
  const now = useNow();
  const waiting = useWaitedLong(isPending);
  if (error && !data)
    return (
      <main className={styles.page}>
        <FailedFace error={error} whole onRetry={() => refetch()} />
      </main>
    );
  if (!data)
    return (
      <main className={styles.page} aria-busy="true">
        {waiting ? <ReportSkeleton name="" /> : null}
      </main>
    );
  const [busiest] = kindsIn(data.answer);
  const drawable = data.name === "ways" && busiest !== undefined && !asTable;
  const shown = drawable ? ofKind(data.answer, busiest) : data.answer;
  const by = data.frozen_by.name;
  return (
    <main className={styles.page}>
      <title>{`${data.title} · Viertakt`}</title>
      <h1 className={layout.heading}>{data.title}</h1>
      <p className={styles.drawn}>
        <Link to="/frozen-reports" className={styles.back}>
          <Trans>Frozen reports</Trans>
        </Link>
        {` · ${titleOf(data.name)} · ${t`frozen by ${by}`}, `}
        <Moment at={data.frozen_at} now={now} />
        {data.q ? (
          <>
            {" · "}
            <code>{data.q}</code>
          </>
        ) : null}
      </p>
      <section aria-labelledby="frozen-answer" className={styles.report}>
        <div className={styles.reportHead}>
          <h2 id="frozen-answer" className={styles.reportTitle}>
            <Trans>As it was</Trans>
          </h2>
          <Button
            size="xs"
            variant="default"
            aria-pressed={asTable}
            onClick={() => setAsTable((before) => !before)}
          >
            <Trans>Show as a table</Trans>
          </Button>
        </div>
        <ReportBody report={shown} words={words} title={data.title} asTable={asTable} measure={undefined} />
        <div className={styles.foot}>
          <ReportStamp report={data.answer} ofNow={isOfNow(data.name, data)} />
          <ul className={styles.files} aria-label={t`Export`}>
            {FILE_FORMATS.map((format) => (
              <li key={format}>
                <a href={getReadFrozenReportUrl(id, { format, language })} download>
                  {format.toUpperCase()}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </section>
      <FrozenCorrections frozen={data} words={words} />
    </main>
  );
}
