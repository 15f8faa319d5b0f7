import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { tryPayload } from "~/api/generated/calls";
import type { Source } from "~/api/generated/model/source";
import type { Tried } from "~/api/generated/model/tried";
import { Dialog } from "~/ui/dialog";
import { RefusedList } from "./refused-list";
import styles from "./signals.module.css";
import { useKindWords, useSignalState, useSignalWhy } from "./use-signal-words";

/** What a payload would do now, by the source's mapping or by another one; nothing is changed. */
export function TryDialog({ source, onClose }: { source: Source; onClose: () => void }) {
  const { t } = useLingui();
  const [payload, setPayload] = useState("");
  const [mapping, setMapping] = useState(source.mapping);
  const tried = useMutation({
    mutationFn: () =>
      tryPayload(source.name, { payload, ...(mapping === source.mapping ? {} : { mapping }) }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!tried.isPending && payload) tried.mutate();
  };
  return (
    <Dialog title={t`Try a payload at ${source.name}`} size={760} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <Textarea
          className={styles.code}
          label={t`Payload`}
          description={t`As the provider sends it; no signature is asked, and nothing is changed.`}
          autosize
          minRows={6}
          maxRows={14}
          value={payload}
          onChange={(event) => setPayload(event.currentTarget.value)}
          data-autofocus
        />
        <Textarea
          className={styles.code}
          label={t`Mapping (YAML)`}
          description={t`Change it here to see what another one would do.`}
          rows={8}
          value={mapping}
          onChange={(event) => setMapping(event.currentTarget.value)}
        />
        {tried.error ? <RefusedList error={tried.error} /> : null}
        <div aria-live="polite">
          {tried.data?.items.map((one, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the reports of one payload, in its order
            <Would key={n} tried={one} />
          ))}
          {tried.data?.items.length === 0 ? (
            <p>
              <Trans>The mapping finds no report in this payload.</Trans>
            </p>
          ) : null}
        </div>
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button type="submit" loading={tried.isPending} disabled={!payload}>
            <Trans>Try</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Would({ tried }: { tried: Tried }) {
  const wordOf = useKindWords();
  const kind = tried.operation?.kind;
  const stateWord = useSignalState();
  const whyWord = useSignalWhy();
  return (
    <dl className={styles.facts}>
      <dt>
        <Trans>Report</Trans>
      </dt>
      <dd>{[tried.type, tried.event_id].filter(Boolean).join(" · ") || "–"}</dd>
      <dt>
        <Trans>Operation</Trans>
      </dt>
      <dd>
        {tried.operation
          ? `${tried.operation.reference} (${wordOf(kind, "stages", tried.stage ?? "")})`
          : tried.names.map((one) => `${one.scheme} ${one.value}`).join(", ") || "–"}
      </dd>
      <dt>
        <Trans>Would be</Trans>
      </dt>
      <dd>
        {stateWord(tried.state)}
        {tried.to ? ` → ${wordOf(kind, "stages", tried.to)}` : null}
      </dd>
      {tried.why ? (
        <>
          <dt>
            <Trans>Why</Trans>
          </dt>
          <dd>{whyWord(tried.why)}</dd>
        </>
      ) : null}
    </dl>
  );
}
