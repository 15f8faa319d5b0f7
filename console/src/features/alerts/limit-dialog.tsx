import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { setLimit } from "~/api/generated/calls";
import { Measure } from "~/api/generated/model/measure";
import type { SetLimit } from "~/api/generated/model/set-limit";
import { useAnnounce } from "~/lib/announce";
import { useLatestWords } from "~/lib/latest-words";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { NumberField } from "~/ui/number-field";
import { Refused } from "~/ui/refused";
import styles from "./alerts.module.css";
import { limitsOptions } from "./limits";
import { isCounted, useAlertWords } from "./use-alert-words";

const WINDOW_MIN = 5;
const WINDOW_MAX = 1_440;

/** A new limit: what is measured, of which operations, and what is too much. */
export function LimitDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const words = useAlertWords();
  const explain = useProblemWords();
  const client = useQueryClient();
  const announce = useAnnounce();
  const [measure, setMeasure] = useState<Measure>("errors");
  const [direction, setDirection] = useState<"above" | "below">("above");
  const [bound, setBound] = useState(5);
  const [minutes, setMinutes] = useState(10);
  const [atLeast, setAtLeast] = useState(5);
  const [kind, setKind] = useState("");
  const [brand, setBrand] = useState("");
  const [provider, setProvider] = useState("");
  const [stage, setStage] = useState("");
  const isShare = measure === "errors" || measure === "rejections";
  const isCount = measure === "created" || measure === "ended";
  const latest = useLatestWords();
  const document = latest.documents.get(kind);
  const carriedOutBy = document?.provider;
  const known = carriedOutBy ? (document?.attributes?.[carriedOutBy]?.enum ?? []) : [];
  const waitsIn = Object.entries(document?.stages ?? {}).filter(([, one]) => one.status === "pending");
  const save = useMutation({
    mutationFn: (sent: SetLimit) => setLimit(sent),
    onSuccess: async () => {
      announce(t`Limit set: ${words.measure(measure)}`);
      await client.invalidateQueries({ queryKey: limitsOptions.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate({
      measure,
      // Rounded as it is shown, where a share was typed before.
      bound: isShare ? bound / 100 : Math.round(bound),
      direction: isCount ? direction : "above",
      kind: kind || null,
      brand: brand.trim() || null,
      provider: carriedOutBy ? provider.trim() || null : null,
      stage: isCounted(measure) ? null : stage || null,
      ...(isCounted(measure) ? { window_minutes: minutes } : {}),
      ...(isShare ? { at_least: atLeast } : {}),
    });
  };
  return (
    <Dialog title={t`Set a limit`} size={520} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <NativeSelect
          label={t`What`}
          data-autofocus
          value={measure}
          onChange={(event) => setMeasure(event.currentTarget.value as Measure)}
          data={Object.values(Measure).map((one) => ({ value: one, label: words.measure(one) }))}
        />
        {isCount ? (
          <NativeSelect
            label={t`Alarm where there are`}
            value={direction}
            onChange={(event) => setDirection(event.currentTarget.value === "below" ? "below" : "above")}
            data={[
              { value: "above", label: t`more` },
              { value: "below", label: t`fewer` },
            ]}
          />
        ) : null}
        <NumberField
          key={isShare ? "share" : "whole"}
          label={isShare ? t`Limit in percent` : isCount ? t`Limit, in operations` : t`Limit in minutes`}
          min={0}
          max={isShare ? 99.9 : 1_000_000}
          digits={isShare ? 1 : 0}
          value={bound}
          onChange={setBound}
        />
        {isCounted(measure) ? (
          <NumberField
            label={t`Within how many minutes`}
            min={WINDOW_MIN}
            max={WINDOW_MAX}
            value={minutes}
            onChange={setMinutes}
          />
        ) : null}
        {isShare ? (
          <NumberField
            label={t`From how many on`}
            description={t`Fewer are no alarm, whatever their share.`}
            min={1}
            max={1_000_000}
            value={atLeast}
            onChange={setAtLeast}
          />
        ) : null}
        <NativeSelect
          label={t`Type`}
          required={!isCounted(measure)}
          value={kind}
          onChange={(event) => {
            setKind(event.currentTarget.value);
            setStage("");
            setProvider("");
          }}
          data={[
            { value: "", label: isCounted(measure) ? t`each by itself` : "" },
            ...[...latest.documents.keys()].map((one) => ({ value: one, label: latest.kind(one) })),
          ]}
        />
        {isCounted(measure) ? null : (
          <NativeSelect
            label={t`Stage`}
            required={measure === "stage_time"}
            value={stage}
            onChange={(event) => setStage(event.currentTarget.value)}
            data={[
              { value: "", label: measure === "stage_time" ? "" : t`whichever they stand in` },
              ...waitsIn.map(([one]) => ({ value: one, label: latest.stage(kind, one) })),
            ]}
          />
        )}
        <TextInput
          label={t`Brand`}
          description={t`Empty: all together.`}
          maxLength={100}
          value={brand}
          onChange={(event) => setBrand(event.currentTarget.value)}
        />
        {carriedOutBy && known.length > 0 ? (
          <NativeSelect
            label={latest.attribute(kind, carriedOutBy)}
            description={t`Of one who carries it out, instead of a brand.`}
            value={provider}
            onChange={(event) => setProvider(event.currentTarget.value)}
            data={[{ value: "", label: t`all together` }, ...known]}
          />
        ) : null}
        {carriedOutBy && known.length === 0 ? (
          <TextInput
            label={latest.attribute(kind, carriedOutBy)}
            description={t`Of one who carries it out, instead of a brand; empty: all together.`}
            maxLength={100}
            value={provider}
            onChange={(event) => setProvider(event.currentTarget.value)}
          />
        ) : null}
        {save.error ? <Refused told={explain(save.error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={save.isPending}>
            <Trans>Set the limit</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
