import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import styles from "./access.module.css";

/** A limit as it is typed. */
export type Limit = { value: string; currency: string };
export type SentLimit = { value: string; currency: string };

type Props = { limits: readonly Limit[]; onChange: (limits: readonly Limit[]) => void };

/** Up to which amount a grant lets somebody act, one line a currency; seeing is never limited by it. */
export function AmountLimits({ limits, onChange }: Props) {
  const { t } = useLingui();
  const put = (at: number, change: Partial<Limit>) =>
    onChange(limits.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return (
    <fieldset className={styles.limits}>
      <legend>
        <Trans>Up to which amount</Trans>
      </legend>
      <p className={styles.muted}>
        <Trans>Without a line there is no limit; with one, other currencies are not covered.</Trans>
      </p>
      {limits.map((limit, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name until their currency is typed
        <div key={index} className={styles.limit}>
          <TextInput
            aria-label={t`Amount`}
            inputMode="decimal"
            required
            pattern="[0-9]{1,15}([.,][0-9]{1,4})?"
            value={limit.value}
            onChange={(event) => put(index, { value: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t`Currency`}
            required
            pattern="[A-Za-z]{3}"
            maxLength={3}
            value={limit.currency}
            onChange={(event) => put(index, { currency: event.currentTarget.value.toUpperCase() })}
          />
          <Button
            variant="default"
            onClick={() => onChange(limits.filter((_, at) => at !== index))}
            aria-label={t`Leave out the limit in ${limit.currency}`}
          >
            <Trans>Leave out</Trans>
          </Button>
        </div>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onChange([...limits, { value: "", currency: limits.length === 0 ? "EUR" : "" }])}
        >
          <Trans>Add a limit</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

/** The limits that are typed whole, as they are sent. */
export function limitsOf(limits: readonly Limit[]): SentLimit[] {
  return limits
    .map(({ value, currency }) => ({ value: value.trim().replace(",", "."), currency }))
    .filter(({ value, currency }) => /^\d{1,15}(\.\d{1,4})?$/.test(value) && /^[A-Z]{3}$/.test(currency));
}
