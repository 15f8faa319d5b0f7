import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
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

type Props = { endpoint: Endpoint; onClose: () => void; onDone: () => void };

/** How many of these deliveries would go out again, before they do. */
export function ReplayDialog({ wanted, ...props }: Props & { wanted: ReplayEndpoint }) {
  const { t } = useLingui();
  const [since, setSince] = useState("");
  return (
    <Replaying {...props} title={t`Send again`} body={since ? { ...wanted, since: momentOf(since) } : wanted}>
      {wanted.states ? (
        <TextInput
          label={t`Only what was made since`}
          type="datetime-local"
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
      ) : null}
    </Replaying>
  );
}

/** Everything since a time or a position, also what was never delivered: for a receiver that was down, or lost what it had. */
export function SinceDialog(props: Props) {
  const { t } = useLingui();
  const [by, setBy] = useState<"from" | "after">("from");
  const [start, setStart] = useState("");
  const body = by === "from" ? { from: start && momentOf(start) } : { after: start.trim() };
  return (
    <Replaying {...props} title={t`Send everything since`} body={start.trim() ? body : null}>
      <NativeSelect
        label={t`Since`}
        value={by}
        onChange={(event) => {
          setBy(event.currentTarget.value === "after" ? "after" : "from");
          setStart("");
        }}
        data={[
          { value: "from", label: t`a time` },
          { value: "after", label: t`a position that the receiver has` },
        ]}
      />
      <TextInput
        key={by}
        data-autofocus
        label={by === "from" ? t`Time` : t`Position`}
        type={by === "from" ? "datetime-local" : "text"}
        placeholder={by === "from" ? undefined : "1.4242"}
        value={start}
        onChange={(event) => setStart(event.currentTarget.value)}
      />
    </Replaying>
  );
}

type ReplayingProps = Props & { title: string; body: ReplayEndpoint | null; children: ReactNode };

function Replaying({ endpoint, title, body, children, onClose, onDone }: ReplayingProps) {
  const { t } = useLingui();
  const language = useLanguage();
  const explain = useProblemWords();
  const preview = useQuery({
    queryKey: ["endpoints", endpoint.id, "preview", body],
    queryFn: () => replayEndpoint(endpoint.id, { ...body, dry_run: true }),
    enabled: body !== null,
    retry: false,
    staleTime: 0,
  });
  const again = useChange(
    () => replayEndpoint(endpoint.id, body ?? {}),
    ({ deliveries }) => t`Deliveries that are sent again: ${deliveries}`,
    onDone,
  );
  const error = preview.error ?? again.error;
  const count = preview.data ? formatCount(preview.data.deliveries, language) : "…";
  const entries = preview.data?.entries;
  const asked = entries ? formatCount(entries, language) : null;
  return (
    <Dialog title={title} size={480} onClose={onClose}>
      <div className={styles.form}>
        {children}
        {body ? (
          <p role="status">
            {t`Deliveries that go out again: ${count}. Each keeps its number and its id, so a receiver that has it can tell.`}
            {asked ? ` ${t`Entries that are looked at: ${asked}.`}` : null}
          </p>
        ) : null}
        {error ? <Refused told={explain(error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button
            disabled={!preview.data || !(preview.data.deliveries || preview.data.entries)}
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

const momentOf = (local: string) => new Date(local).toISOString();
