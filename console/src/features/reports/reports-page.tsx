import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { ReportControls } from "./report-controls";
import { catalogueOptions } from "./report-query";
import type { ReportSearch } from "./report-search";
import { useReportTitle } from "./report-titles";
import { ReportView } from "./report-view";
import styles from "./reports.module.css";

type Props = {
  name: string | undefined;
  search: ReportSearch;
  onSearch: (changes: ReportSearch) => void;
  onName: (name: string) => void;
};

/** The catalogue of reports, and the one that is chosen. */
export function ReportsPage({ name, search, onSearch, onName }: Props) {
  const { t } = useLingui();
  const titleOf = useReportTitle();
  const { data, error, refetch } = useQuery(catalogueOptions);
  const names = data?.items.map((one) => one.name) ?? [];
  const chosen = name ?? names[0];
  const title = chosen ? titleOf(chosen) : "";
  return (
    <main className={styles.page}>
      <title>{`${title ? `${title} · ` : ""}${t`Reports`} · Viertakt`}</title>
      <h1 className={layout.heading}>
        <Trans>Reports</Trans>
      </h1>
      {error && !data ? (
        <FailedFace error={error} onRetry={() => refetch()} />
      ) : (
        <div className={styles.body}>
          <nav className={styles.catalogue} aria-label={t`Reports`}>
            <ul>
              {names.map((one) => (
                <li key={one}>
                  <Link
                    to="/reports/$name"
                    params={{ name: one }}
                    search={({ measure: _measure, kind: _kind, ...others }) => others}
                    className={styles.entry}
                    data-active={one === chosen ? "" : undefined}
                    aria-current={one === chosen ? "page" : undefined}
                  >
                    {titleOf(one)}
                  </Link>
                </li>
              ))}
              <li className={styles.apart}>
                <Link to="/frozen-reports" className={styles.entry}>
                  <Trans>Frozen reports</Trans>
                </Link>
              </li>
            </ul>
          </nav>
          <div className={styles.chosen}>
            <NativeSelect
              className={styles.chooser}
              label={t`Report`}
              value={chosen ?? ""}
              data={names.map((one) => ({ value: one, label: titleOf(one) }))}
              onChange={(event) => onName(event.currentTarget.value)}
            />
            <Link to="/frozen-reports" className={styles.narrowOnly}>
              <Trans>Frozen reports</Trans>
            </Link>
            <ReportControls name={chosen} search={search} onSearch={onSearch} />
            {chosen ? (
              <ReportView key={chosen} name={chosen} title={title} search={search} onSearch={onSearch} />
            ) : null}
          </div>
        </div>
      )}
    </main>
  );
}
