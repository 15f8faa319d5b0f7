import { useLingui } from "@lingui/react/macro";
import type { Entry } from "~/api/generated/model/entry";
import type { Operation } from "~/api/generated/model/operation";
import { formatExactly } from "~/lib/durations";
import type { KindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { flowOf } from "./flow";
import styles from "./flow-strip.module.css";

type Props = { operation: Operation; entries: readonly Entry[]; words: KindWords };

/** Where the operation came from, where it stands, and the usual way on. An ordered list, so that it reads as it looks. */
export function FlowStrip({ operation, entries, words }: Props) {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  if (!words.document) return <div className={styles.room} />;
  const steps = flowOf(words.document, operation.stage, entries);
  const said = { passed: t`passed`, now: t`now`, ahead: t`possible` };
  return (
    <ol className={styles.strip} aria-label={t`The way of this operation`}>
      {steps.map((step) => (
        <li
          key={`${step.when} ${step.stage}`}
          className={styles.step}
          data-when={step.when}
          data-status={step.when === "now" ? step.status : undefined}
          aria-current={step.when === "now" ? "step" : undefined}
          title={step.at ? formatExactly(step.at, locale) : undefined}
        >
          <span className={styles.box}>
            {words.stage(step.stage)}
            <span className={styles.said}> ({said[step.when]})</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
