import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { replayEndpoint } from "~/api/generated/calls";
import type { Endpoint } from "~/api/generated/model/endpoint";
import type { ReplayEndpoint } from "~/api/generated/model/replay-endpoint";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Refused } from "~/ui/refused";
import { useChange } from "./webhook-queries";
import styles from "./webhooks.module.css";

type Props = { endpoint: Endpoint; wanted: ReplayEndpoint; onClose: () => void; onDone: () => void };

/** How many deliveries would go out again, before they do. */
export function ReplayDialog({ endpoint, wanted, onClose, onDone }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const explain = useProblemWords();
  const [since, setSince] = useState("");
  const body = { ...wanted, ...(since ? { since: new Date(since).toISOString() } : {}) };
  const preview = useQuery({
    queryKey: ["endpoints", endpoint.id, "preview", body],
    queryFn: () => replayEndpoint(endpoint.id, { ...body, dry_run: true }),
    staleTime: 0,
  });
  const again = useChange(
    () => replayEndpoint(endpoint.id, body),
    ({ deliveries }) => t`Deliveries that are sent again: ${deliveries}`,
    onDone,
  );
  const error = preview.error ?? again.error;
  const count = preview.data ? formatCount(preview.data.deliveries, language) : "…";
  return (
    <Dialog title={t`Send again`} size={480} onClose={onClose}>
      <div className={styles.form}>
        {wanted.states ? (
          <TextInput
            label={t`Only what was made since`}
            type="datetime-local"
            value={since}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
        ) : null}
        <p role="status">
          {t`Deliveries that go out again: ${count}. Each keeps its number and its id, so a receiver that has it can tell.`}
        </p>
        {error ? <Refused told={explain(error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button
            data-autofocus
            disabled={!preview.data?.deliveries}
            loading={again.isPending}
            onClick={() => again.mutate(undefined)}
          >
            <Trans>Send again</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
