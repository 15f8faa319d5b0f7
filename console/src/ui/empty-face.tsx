import { Trans, useLingui } from "@lingui/react/macro";
import { Face } from "./faces";
import styles from "./query-faces.module.css";

/** The very first time: how operations come here. */
export function EmptyFace() {
  const { t } = useLingui();
  return (
    <Face title={t`No operations yet`}>
      <p>
        <Trans>Here stands every operation of your back office, as soon as a service opens one.</Trans>
      </p>
      <ol className={styles.steps}>
        <li>
          <Trans>Issue a token:</Trans> <code>viertakt tokens issue --name cashier --role admin</code>
        </li>
        <li>
          <Trans>Open an operation:</Trans>{" "}
          <code>viertakt operations open --kind deposit --reference D-1 --amount "25.00 EUR"</code>
        </li>
        <li>
          <Trans>Or look around first, with a month of example data:</Trans> <code>viertakt demo</code>
        </li>
      </ol>
    </Face>
  );
}
