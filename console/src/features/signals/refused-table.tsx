import { Trans, useLingui } from "@lingui/react/macro";
import type { RefusedDeliveries } from "~/api/generated/model/refused-deliveries";
import { useNow } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { Face } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./signals.module.css";
import { useSignalWhy } from "./use-signal-words";

/** Deliveries that were not believed: counted by day and reason, for what they said is not kept. */
export function RefusedTable({ items }: { items: readonly RefusedDeliveries[] }) {
  const { t } = useLingui();
  const now = useNow();
  const language = useLanguage();
  const whyWord = useSignalWhy();
  if (items.length === 0) {
    return (
      <Face title={t`Nothing was refused`}>
        <p>
          <Trans>
            A delivery whose signature is not right is counted here, and what it said is not kept.
          </Trans>
        </p>
      </Face>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
    <section className={styles.scroller} tabIndex={0} aria-label={t`Refused`}>
      <table className={`${tables.table} ${tables.cards}`}>
        <thead>
          <tr>
            <th scope="col">{t`Day`}</th>
            <th scope="col">{t`Source`}</th>
            <th scope="col">{t`Why`}</th>
            <th scope="col" className={tables.number}>{t`Deliveries`}</th>
            <th scope="col">{t`Last`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={`${one.on} ${one.source} ${one.why.code}`}>
              <td>{one.on}</td>
              <td data-label={t`Source`}>{one.source}</td>
              <td data-label={t`Why`}>{whyWord(one.why)}</td>
              <td data-label={t`Deliveries`} className={tables.number}>
                {formatCount(one.count, language)}
              </td>
              <td data-label={t`Last`}>
                <Moment at={one.last_at} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
