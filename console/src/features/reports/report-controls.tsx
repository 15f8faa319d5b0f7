import { useLingui } from "@lingui/react/macro";
import { NativeSelect, Switch, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { zone } from "~/lib/clock";
import {
  asPeriod,
  BUCKETS,
  daysOf,
  hasSteps,
  isOfNow,
  PERIODS,
  type ReportSearch,
  zoneOf,
} from "./report-search";
import styles from "./reports.module.css";

type Props = { name: string | undefined; search: ReportSearch; onSearch: (changes: ReportSearch) => void };

/** Which operations, of when, by which steps, and where a day begins. All of it stands in the address. */
export function ReportControls({ name, search, onSearch }: Props) {
  const { t } = useLingui();
  const period = asPeriod(search);
  // What stands now has no period, no steps, and nothing before it.
  const ofPeriod = !isOfNow(name, search);
  const periods: Record<(typeof PERIODS)[number], string> = {
    today: t`Today`,
    "7d": t`7 days`,
    "30d": t`30 days`,
    "90d": t`90 days`,
    month: t`This month`,
    "last-month": t`Last month`,
    year: t`12 months`,
    own: t`From … to …`,
  };
  const buckets: Record<(typeof BUCKETS)[number], string> = {
    auto: t`Automatic`,
    hour: t`Hour`,
    day: t`Day`,
    week: t`Week`,
    month: t`Month`,
    quarter: t`Quarter`,
  };
  const choosePeriod = (value: string) => {
    if (value === "own") {
      const { from } = daysOf(search);
      onSearch({ period: undefined, from, to: undefined });
    } else onSearch({ period: value, from: undefined, to: undefined });
  };
  const zones = [...new Set([zone(), zoneOf(search), "UTC"])];
  return (
    <div className={styles.controls}>
      {ofPeriod ? (
        <NativeSelect
          size="xs"
          label={t`Period`}
          value={period}
          data={PERIODS.map((value) => ({ value, label: periods[value] }))}
          onChange={(event) => choosePeriod(event.currentTarget.value)}
        />
      ) : null}
      {ofPeriod && period === "own" ? (
        <>
          <TextInput
            size="xs"
            type="date"
            label={t`First day`}
            value={search.from ?? ""}
            onChange={(event) => onSearch({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            size="xs"
            type="date"
            label={t`Last day`}
            value={search.to ?? ""}
            onChange={(event) => onSearch({ to: event.currentTarget.value || undefined })}
          />
        </>
      ) : null}
      {ofPeriod && hasSteps(name) ? (
        <NativeSelect
          size="xs"
          label={t`Per`}
          value={search.bucket ?? "auto"}
          data={BUCKETS.map((value) => ({ value, label: buckets[value] }))}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onSearch({ bucket: value === "auto" ? undefined : value });
          }}
        />
      ) : null}
      <NativeSelect
        size="xs"
        label={t`Time zone`}
        value={zoneOf(search)}
        data={zones}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onSearch({ zone: value === zone() ? undefined : value });
        }}
      />
      <Filter q={search.q ?? ""} onQuery={(q) => onSearch({ q: q || undefined })} />
      {ofPeriod ? (
        <Switch
          size="xs"
          className={styles.compare}
          label={t`Compare with the period before`}
          checked={search.compare === "1"}
          onChange={(event) => onSearch({ compare: event.currentTarget.checked ? "1" : undefined })}
        />
      ) : null}
    </div>
  );
}

/** The filter as text: taken when Enter says so, or when the field is left. */
function Filter({ q, onQuery }: { q: string; onQuery: (q: string) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  const take = () => {
    if (text.trim() !== q) onQuery(text.trim());
  };
  return (
    <form
      className={styles.filter}
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <TextInput
        size="xs"
        label={t`Only operations that fit`}
        placeholder="kind:withdrawal brand:casino-nl"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={take}
        spellCheck={false}
        autoComplete="off"
      />
    </form>
  );
}
