import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { setSource } from "~/api/generated/calls";
import { Scheme } from "~/api/generated/model/scheme";
import type { Source } from "~/api/generated/model/source";
import { useAnnounce } from "~/lib/announce";
import { Dialog } from "~/ui/dialog";
import { RefusedList } from "./refused-list";
import styles from "./signals.module.css";
import { useSchemeWord } from "./use-signal-words";

// Those for which a mapping comes along.
const READY: readonly Scheme[] = ["stripe", "adyen", "sumsub", "onfido", "veriff"];
const EXAMPLE = `codes: stripe
event: id
at: created
type: type
find:
  deposit: {"kind:deposit": data.reference}
rules:
  - {when: "type == 'paid'", kind: deposit, outcome: success}
`;

type Props = { source?: Source; onClose: () => void; onSaved: (source: Source) => void };

/** A source, new or changed: its name, how the provider signs, and the mapping that reads it. */
export function SourceDialog({ source, onClose, onSaved }: Props) {
  const { t } = useLingui();
  const schemeWord = useSchemeWord();
  const [name, setName] = useState(source?.name ?? "");
  const [scheme, setScheme] = useState<Scheme>(source?.scheme ?? "stripe");
  const [own, setOwn] = useState(source ? source.ready === null : false);
  const [mapping, setMapping] = useState(source?.mapping ?? EXAMPLE);
  const [header, setHeader] = useState(source?.options.header ?? "x-signature");
  const [active, setActive] = useState(source?.active ?? true);
  const hasReady = READY.includes(scheme);
  const writes = own || !hasReady;
  const save = useSave(onSaved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    const options = scheme === "hmac" ? { options: { ...source?.options, header } } : {};
    save.mutate({ name: name.trim(), sent: { scheme, active, ...options, ...(writes ? { mapping } : {}) } });
  };
  const title = source ? t`Change ${source.name}` : t`Connect a provider`;
  return (
    <Dialog title={title} size={720} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={t`Name`}
          description={t`Small letters, digits, _ and -; it stands in the address the provider sends to.`}
          required
          disabled={source !== undefined}
          pattern="[a-z][a-z0-9_\-]{0,39}"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus={source ? undefined : true}
        />
        <NativeSelect
          label={t`Signature`}
          value={scheme}
          onChange={(event) =>
            setScheme(Object.values(Scheme).find((one) => one === event.currentTarget.value) ?? "hmac")
          }
          data={Object.values(Scheme).map((one) => ({ value: one, label: schemeWord(one) }))}
        />
        {scheme === "hmac" ? (
          <TextInput
            label={t`Header of the signature`}
            value={header}
            onChange={(event) => setHeader(event.currentTarget.value)}
          />
        ) : null}
        {hasReady ? (
          <Checkbox
            label={t`A mapping of its own instead of the ready one`}
            checked={own}
            onChange={(event) => setOwn(event.currentTarget.checked)}
          />
        ) : null}
        {writes ? (
          <Textarea
            className={styles.code}
            label={t`Mapping (YAML)`}
            autosize
            minRows={8}
            maxRows={20}
            value={mapping}
            onChange={(event) => setMapping(event.currentTarget.value)}
          />
        ) : null}
        <Checkbox
          label={t`Switched on`}
          checked={active}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
        {save.error ? <RefusedList error={save.error} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={save.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useSave(onSaved: (source: Source) => void) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ name, sent }: { name: string; sent: Parameters<typeof setSource>[1] }) =>
      setSource(encodeURIComponent(name), sent),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: ["signals"] });
      announce(t`${saved.name} is saved`);
      onSaved(saved);
    },
  });
}
