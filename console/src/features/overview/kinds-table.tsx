import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Counts } from "~/api/generated/model/counts";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { STATUSES } from "~/lib/statuses";
import { textIn, wordFromName } from "~/lib/words";
import layout from "~/ui/layout.module.css";
import { useStatusWord } from "~/ui/status-chip";
import { StatusMark } from "~/ui/status-mark";
import styles from "./overview.module.css";
import { countsByOptions, sumOf } from "./overview-query";

/** Each type: what is open now, and how what was created in the period stands. */
export function KindsTable({ since }: { since: string }) {
  const { t } = useLingui();
  const language = useLanguage();
  const statusWord = useStatusWord();
  const created = `created>=${since}`;
  const { data: kinds } = useQuery(kindsOptions);
  const open = useQuery(countsByOptions("status:pending", "kind"));
  const of = useQuery(countsByOptions(created, "kind,status"));
  if (!open.data || !of.data) return null;
  const names = [
    ...new Set([...open.data.items, ...of.data.items].flatMap(({ kind }) => (kind ? [kind] : []))),
  ];
  const label = (kind: string) =>
    textIn(kinds?.items.find((one) => one.kind === kind)?.document.label, language) ?? wordFromName(kind);
  const openOf = (kind: string) => sumOf(open.data.items, (one) => one.kind === kind);
  const rows = names
    .map((kind) => ({ kind, name: label(kind) }))
    .sort((a, b) => openOf(b.kind) - openOf(a.kind) || a.name.localeCompare(b.name));
  const cell = (counts: Counts, q: string, value: number) => (
    <td key={q} className={styles.number}>
      <Link to="/operations" search={{ q }} data-none={value === 0 ? "" : undefined}>
        {formatCount(value, language)}
        {counts.capped ? "+" : ""}
      </Link>
    </td>
  );
  return (
    <div>
      <h2 id="overview-kinds" className={layout.band}>
        <Trans>By type</Trans>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too */}
      <section className={styles.scroller} tabIndex={0} aria-labelledby="overview-kinds">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                <Trans>Type</Trans>
              </th>
              <th scope="col" rowSpan={2} className={styles.number}>
                <Trans>Open now</Trans>
              </th>
              <th scope="colgroup" colSpan={5} className={styles.group}>
                <Trans>Created in this period, by how they stand now</Trans>
              </th>
            </tr>
            <tr>
              <th scope="col" className={styles.number}>
                {t`All`}
              </th>
              {STATUSES.map((status) => (
                <th key={status} scope="col" className={styles.number}>
                  <span className={styles.status}>
                    <StatusMark status={status} size={12} />
                    {statusWord(status)}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ kind, name }) => (
              <tr key={kind}>
                <th scope="row">{name}</th>
                {cell(open.data, `kind:${kind} status:pending`, openOf(kind))}
                {cell(
                  of.data,
                  `kind:${kind} ${created}`,
                  sumOf(of.data.items, (one) => one.kind === kind),
                )}
                {STATUSES.map((status) =>
                  cell(
                    of.data,
                    `kind:${kind} status:${status} ${created}`,
                    sumOf(of.data.items, (one) => one.kind === kind && one.status === status),
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
