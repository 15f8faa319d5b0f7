import { Trans, useLingui } from "@lingui/react/macro";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { KindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { CopyButton } from "~/ui/copy-button";
import styles from "./data-tabs.module.css";
import { Fact } from "./facts";
import facts from "./facts.module.css";

/** The operation's attributes, under the kind's own words. */
export function DataTab({ operation, words }: { operation: OperationDetail; words: KindWords }) {
  const show = useValueWords();
  const declared = Object.keys(words.document?.attributes ?? {});
  const present = Object.keys(operation.attributes);
  const names = [
    ...declared.filter((name) => present.includes(name)),
    ...present.filter((name) => !declared.includes(name)),
  ];
  if (names.length === 0) {
    return (
      <p className={styles.none}>
        <Trans>This operation carries no data of its own.</Trans>
      </p>
    );
  }
  return (
    <dl className={facts.facts}>
      {names.map((name) => (
        <Fact key={name} name={words.attribute(name)}>
          {show(operation.attributes[name])}
        </Fact>
      ))}
    </dl>
  );
}

export function RawTab({ operation }: { operation: OperationDetail }) {
  const { t } = useLingui();
  const text = JSON.stringify(operation, null, 2);
  return (
    <div className={styles.raw}>
      <div className={styles.copy}>
        <CopyButton value={text} label={t`Copy as JSON`} />
      </div>
      <section aria-label={t`The operation as JSON`}>
        <pre>{text}</pre>
      </section>
    </div>
  );
}

function useValueWords(): (value: unknown) => string {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  return (value) => {
    if (value === true) return t`yes`;
    if (value === false) return t`no`;
    if (value === null || value === undefined) return "–";
    if (typeof value === "number") return new Intl.NumberFormat(locale).format(value);
    if (typeof value === "string") return value;
    return JSON.stringify(value);
  };
}
