import { useLingui } from "@lingui/react/macro";
import type { CappedCount } from "~/api/generated/model/capped-count";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import styles from "./rail-views.module.css";

/** How many operations a view holds, as far as anybody reads: 999+. Nothing where counting took too long. */
export function ViewCount({ count }: { count: CappedCount | null | undefined }) {
  const { t } = useLingui();
  const language = useLanguage();
  if (!count) return null;
  const shown = `${formatCount(count.value, language)}${count.capped ? "+" : ""}`;
  return (
    <span className={styles.count} title={t`Operations in this view: ${shown}`}>
      {shown}
    </span>
  );
}
