import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Count } from "~/api/generated/model/count";
import type { Status } from "~/api/generated/model/status";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { valuesOf, withValues } from "~/lib/query-text";
import { STATUSES } from "~/lib/statuses";
import { wordFromName } from "~/lib/words";
import { StatusMark } from "~/ui/status-mark";
import { useValueWord } from "~/ui/suggestion-words";
import { COUNTED, type CountedField, countsOptions } from "./counted-values";
import styles from "./facets.module.css";

const SHOWN = 10;
const REFRESH_EVERY = 30_000;

type Props = { q: string; onQuery: (q: string) => void };

/** What the list holds, by field. Each is asked for apart: one that takes too long keeps no other waiting. */
export function Facets({ q, onQuery }: Props) {
  const { t } = useLingui();
  const names: Record<CountedField, string> = {
    status: t`Status`,
    kind: t`Type`,
    stage: t`Stage`,
    waiting_on: t`Waiting on`,
    brand: t`Brand`,
    currency: t`Currency`,
  };
  return (
    <aside className={styles.facets} aria-label={t`Facets`}>
      {COUNTED.map((field) => (
        <Facet key={field} field={field} name={names[field]} q={q} onQuery={onQuery} />
      ))}
    </aside>
  );
}

function Facet({ field, name, q, onQuery }: Props & { field: CountedField; name: string }) {
  const { t } = useLingui();
  const id = useId();
  const language = useLanguage();
  const wordOf = useValueWord();
  const [all, setAll] = useState(false);
  const chosen = valuesOf(q, field);
  const unnarrowed = withValues(q, field, []);
  const { data, isError, isPlaceholderData } = useQuery({
    ...countsOptions(unnarrowed, field),
    refetchInterval: REFRESH_EVERY,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });
  const found = itemsOf(data?.items ?? [], field, chosen);
  const shown = all ? found : found.filter((one, at) => at < SHOWN || one.chosen);
  const hidden = found.length - shown.length;
  const toggle = (value: string) => {
    const rest = chosen.filter((one) => one !== value);
    onQuery(withValues(q, field, rest.length < chosen.length ? rest : [...chosen, value]));
  };
  const countText = (one: Item) => `${formatCount(one.count, language)}${one.capped ? "+" : ""}`;
  if (data && found.length === 0) return null;
  return (
    <section className={styles.facet} aria-labelledby={id} data-old={isPlaceholderData ? "" : undefined}>
      <h2 id={id} className={styles.name}>
        {name}
      </h2>
      {isError ? (
        <p className={styles.note}>
          <Trans>too many to count</Trans>
        </p>
      ) : (
        <ul>
          {shown.map((one) => (
            <li key={one.value}>
              <button
                type="button"
                className={styles.value}
                aria-pressed={one.chosen}
                onClick={() => toggle(one.value)}
              >
                {field === "status" ? <StatusMark status={one.value as Status} size={12} /> : null}
                <span className={styles.word}>{wordOf(field, one.value) ?? wordFor(field, one.value)}</span>
                <span className={styles.count}>{data ? countText(one) : ""}</span>
              </button>
            </li>
          ))}
          {hidden > 0 ? (
            <li>
              <button type="button" className={styles.more} onClick={() => setAll(true)}>
                {t`${hidden} more`}
              </button>
            </li>
          ) : null}
        </ul>
      )}
      {data?.capped ? (
        <p className={styles.note}>
          <Trans>counted in part</Trans>
        </p>
      ) : null}
    </section>
  );
}

type Item = { value: string; count: number; capped: boolean; chosen: boolean };

/** The values there are, most first; the four statuses always in their own order. What is chosen stays, even at none. */
function itemsOf(counts: readonly Count[], field: CountedField, chosen: readonly string[]): Item[] {
  const items = counts.flatMap((one): Item[] => {
    const value = one[field];
    return typeof value === "string"
      ? [{ value, count: one.count, capped: one.capped ?? false, chosen: chosen.includes(value) }]
      : [];
  });
  const missing = chosen
    .filter((value) => !items.some((one) => one.value === value))
    .map((value) => ({ value, count: 0, capped: false, chosen: true }));
  const whole = [...items, ...missing];
  if (field === "status")
    return whole.sort((a, b) => STATUSES.indexOf(a.value as Status) - STATUSES.indexOf(b.value as Status));
  return whole.sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

function wordFor(field: CountedField, value: string): string {
  return field === "stage" || field === "kind" ? wordFromName(value) : value;
}
