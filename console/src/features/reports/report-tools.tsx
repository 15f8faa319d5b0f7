import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useLanguage } from "~/lib/language";
import { measuresOf } from "./chart-of";
import { FreezeDialog } from "./freeze-dialog";
import { MailDialog } from "./mail-dialog";
import { kindsIn, type Report } from "./report-model";
import { FILE_FORMATS, fileUrl } from "./report-query";
import { hasOpen, isOfNow, type ReportSearch } from "./report-search";
import styles from "./reports.module.css";
import type { ReportWords } from "./use-report-words";

type ChoiceProps = {
  report: Report;
  /** The type that is shown; null for all of them. */
  kind: string | null;
  asTable: boolean;
  /** There is no drawing of it. */
  onlyTable: boolean;
  search: ReportSearch;
  onSearch: (changes: ReportSearch) => void;
  words: ReportWords;
};

/** What of a report is shown, and how. */
export function ReportChoices(props: ChoiceProps) {
  const { report, kind, asTable, onlyTable, search, onSearch, words } = props;
  const { t } = useLingui();
  const measures = measuresOf(report);
  const kinds = report.name === "automation" ? [] : kindsIn(report);
  const nameOf = (name: string) => {
    const column = report.columns.find((one) => one.name === name);
    return column ? words.column(column) : words.name(name);
  };
  return (
    <div className={styles.choices}>
      {kinds.length > 1 ? (
        <NativeSelect
          size="xs"
          aria-label={t`Type`}
          value={kind ?? ""}
          data={[
            { value: "", label: t`All types` },
            ...kinds.map((value) => ({ value, label: words.kind(value) })),
          ]}
          onChange={(event) => onSearch({ kind: event.currentTarget.value || ALL })}
        />
      ) : null}
      {hasOpen(report.name) ? (
        <SegmentedControl
          size="xs"
          aria-label={t`What is over, or what goes on`}
          value={search.include === "open" ? "open" : "completed"}
          data={[
            { value: "completed", label: t`Completed` },
            { value: "open", label: t`Now` },
          ]}
          onChange={(value) => onSearch({ include: value === "open" ? "open" : undefined })}
        />
      ) : null}
      {measures.length > 1 && !asTable ? (
        <SegmentedControl
          size="xs"
          aria-label={t`What is shown`}
          value={measures.find((one) => one === search.measure) ?? measures[0] ?? ""}
          data={measures.map((value) => ({ value, label: nameOf(value) }))}
          onChange={(value) => onSearch({ measure: value === measures[0] ? undefined : value })}
        />
      ) : null}
      {onlyTable ? null : (
        <Button
          size="xs"
          variant="default"
          aria-pressed={asTable}
          onClick={() => onSearch({ table: asTable ? undefined : "1" })}
        >
          <Trans>Show as a table</Trans>
        </Button>
      )}
    </div>
  );
}

/** Of the address: every type, where one would be chosen otherwise. */
export const ALL = "all";

type KeepingProps = { name: string; title: string; search: ReportSearch; to: string | undefined };

/** A report as a file, or kept as it is. */
export function ReportKeeping({ name, title, search, to }: KeepingProps) {
  const { t } = useLingui();
  const language = useLanguage();
  const [freezing, setFreezing] = useState(false);
  const [mailing, setMailing] = useState(false);
  return (
    <div className={styles.keeping}>
      <ul className={styles.files} aria-label={t`Export`}>
        {FILE_FORMATS.map((format) => (
          <li key={format}>
            <a href={fileUrl(name, search, format, language)} download>
              {format.toUpperCase()}
            </a>
          </li>
        ))}
      </ul>
      <Button size="compact-xs" variant="default" onClick={() => setMailing(true)}>
        <Trans>By mail…</Trans>
      </Button>
      {isOfNow(name, search) ? null : (
        <Button size="compact-xs" variant="default" onClick={() => setFreezing(true)}>
          <Trans>Freeze…</Trans>
        </Button>
      )}
      {mailing ? (
        <MailDialog name={name} title={title} search={search} onClose={() => setMailing(false)} />
      ) : null}
      {freezing ? (
        <FreezeDialog name={name} title={title} search={search} to={to} onClose={() => setFreezing(false)} />
      ) : null}
    </div>
  );
}
