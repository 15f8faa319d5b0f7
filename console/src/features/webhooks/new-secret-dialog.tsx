import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { rotateEndpointSecret } from "~/api/generated/calls";
import type { Endpoint } from "~/api/generated/model/endpoint";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { NumberField } from "~/ui/number-field";
import { Refused } from "~/ui/refused";
import { useChange } from "./webhook-queries";
import styles from "./webhooks.module.css";

// The API's own bounds and what it takes where nothing is said.
const HOURS = 24;
const HOURS_MAX = 720;

type Props = { endpoint: Endpoint; onClose: () => void; onMade: (secret: string) => void };

/** A new secret, once somebody has said how long a receiver may go on with the old one. */
export function NewSecretDialog({ endpoint, onClose, onMade }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [hours, setHours] = useState(HOURS);
  const rotate = useChange(
    () => rotateEndpointSecret(endpoint.id, { overlap_hours: hours }),
    () => null,
    ({ secret }) => onMade(secret),
  );
  return (
    <Dialog title={t`New secret of ${endpoint.name}`} size={480} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!rotate.isPending) rotate.mutate(undefined);
        }}
      >
        <p>
          <Trans>
            It signs from now on, and is shown once. Meanwhile the old one signs as well: within that time the
            receiver must know the new one.
          </Trans>
        </p>
        <NumberField
          label={t`For how many hours more the old one works`}
          description={t`0: no longer at all.`}
          min={0}
          max={HOURS_MAX}
          value={hours}
          onChange={setHours}
        />
        {rotate.error ? <Refused told={explain(rotate.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" data-autofocus loading={rotate.isPending}>
            <Trans>Make the secret</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
