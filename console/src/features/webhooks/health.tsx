import { Trans } from "@lingui/react/macro";
import type { Endpoint } from "~/api/generated/model/endpoint";
import { useNow } from "~/lib/clock";
import { Icon } from "~/ui/icon";
import { Moment } from "~/ui/moment";
import chips from "~/ui/status-chip.module.css";
import { StatusMark } from "~/ui/status-mark";
import { useHealthWord } from "./webhook-queries";
import styles from "./webhooks.module.css";

/** How an endpoint fares, and since when it fares badly: what needs somebody stands out, what somebody switched off less. */
export function Health({ endpoint }: { endpoint: Endpoint }) {
  const now = useNow();
  const word = useHealthWord()(endpoint);
  const isOff = endpoint.why_off === "by_hand";
  const fails = !isOff && (endpoint.why_off !== null || endpoint.failing_since !== null);
  const since = endpoint.active ? endpoint.failing_since : endpoint.off_at;
  if (!isOff && !fails) return word;
  return (
    <>
      <span
        className={`${chips.chip} ${isOff ? styles.off : styles.fails}`}
        data-status={fails ? "error" : undefined}
      >
        {fails ? <StatusMark status="error" size={13} /> : <Icon name="pause" size={13} />}
        {word}
      </span>
      {since ? (
        <p className={styles.muted}>
          <Trans>
            since <Moment at={since} now={now} />
          </Trans>
        </p>
      ) : null}
    </>
  );
}
