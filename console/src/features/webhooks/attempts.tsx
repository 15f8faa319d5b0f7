import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNow } from "~/lib/clock";
import { FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { deliveryOptions, useAnswerWord } from "./webhook-queries";
import styles from "./webhooks.module.css";

/** Every attempt to deliver something, the first one first. */
export function Attempts({ endpoint, number }: { endpoint: string; number: number }) {
  const { t } = useLingui();
  const answerWord = useAnswerWord();
  const now = useNow();
  const { data, error, refetch } = useQuery(deliveryOptions(endpoint, number));
  if (error && !data) return <FailedFace error={error} onRetry={() => refetch()} />;
  if (!data) return <p role="status">{t`Loading…`}</p>;
  return (
    <div className={styles.attempts}>
      <p className={styles.muted}>
        webhook-id: <code>{data.delivery.id}</code>
      </p>
      {data.attempts.length === 0 ? <p>{t`It was not tried yet.`}</p> : null}
      <ol>
        {data.attempts.map((one) => (
          <li key={one.attempt}>
            <strong>{answerWord(one)}</strong>
            {` · ${one.milliseconds} ms · `}
            <Moment at={one.at} now={now} />
            {one.excerpt ? <pre className={styles.excerpt}>{one.excerpt}</pre> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
