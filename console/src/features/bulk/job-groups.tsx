import { Trans, useLingui } from "@lingui/react/macro";
import type { BulkGroup } from "~/api/generated/model/bulk-group";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { useLanguage } from "~/lib/language";
import { useLatestWords } from "~/lib/latest-words";
import { formatCount, formatMoney } from "~/lib/money";
import layout from "~/ui/layout.module.css";
import tables from "~/ui/table.module.css";
import styles from "./bulk.module.css";
import { useWhyNot } from "./use-bulk-words";

/** What the dry run said: a row for what happens alike, with counts, sums, and why not. */
export function JobGroups({ job }: { job: BulkJob }) {
  const { t } = useLingui();
  const language = useLanguage();
  const words = useLatestWords();
  const whyNot = useWhyNot();
  const outcome = (group: BulkGroup) => {
    if (group.fate === "skipped") return group.why_not ? whyNot(group.why_not) : t`Skipped`;
    if (job.verb !== "move") return t`Done`;
    const to = group.kind && group.to ? words.stage(group.kind, group.to) : "";
    return group.fate === "asks" && job.needs.length === 0 ? t`Asks for approval of each` : `→ ${to}`;
  };
  return (
    <div className={layout.section}>
      <h2 id="bulk-groups" className={layout.band}>
        <Trans>What happens to which</Trans>
      </h2>
      {job.groups.length === 0 ? (
        <p className={styles.muted}>
          <Trans>No operation was found.</Trans>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
        <section className={styles.scroller} tabIndex={0} aria-labelledby="bulk-groups">
          <table className={`${tables.table} ${styles.rows}`}>
            <thead>
              <tr>
                <th scope="col" className={`${tables.number} ${styles.narrow}`}>{t`Count`}</th>
                <th scope="col">{t`Type`}</th>
                <th scope="col">{t`Stage`}</th>
                <th scope="col">{t`What happens`}</th>
                <th scope="col" className={`${tables.number} ${styles.narrow}`}>{t`Amount`}</th>
              </tr>
            </thead>
            <tbody>
              {job.groups.map((group) => (
                <tr
                  key={`${group.kind}/${group.stage}/${group.fate}/${group.why_not?.code}`}
                  data-skipped={group.fate === "skipped" ? "" : undefined}
                >
                  <td className={`${tables.number} ${styles.narrow}`}>
                    {formatCount(group.count, language)}
                  </td>
                  <td>{group.kind ? words.kind(group.kind) : "–"}</td>
                  <td>{group.kind && group.stage ? words.stage(group.kind, group.stage) : "–"}</td>
                  <td>{group.fate === "skipped" ? `${t`Skipped`}: ${outcome(group)}` : outcome(group)}</td>
                  <td className={`${tables.number} ${styles.narrow}`}>
                    {group.sums.map((sum) => formatMoney(sum, language)).join(" · ")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
