import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { textIn, wordFromName } from "~/lib/words";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import styles from "./settings-page.module.css";
import { mutesOptions, useMute } from "./settings-query";

const KIND = "kind:";

/** What the reader wants to hear nothing of. */
export function Muted() {
  const { t } = useLingui();
  const language = useLanguage();
  const explain = useProblemWords();
  const { data } = useQuery(mutesOptions);
  const { data: kinds } = useQuery(kindsOptions);
  const mute = useMute();
  const [kind, setKind] = useState("");
  const names = new Map(
    (kinds?.items ?? []).map((one) => [
      one.kind,
      textIn(one.document.label, language) ?? wordFromName(one.kind),
    ]),
  );
  const nameOf = (about: string, reference: string | null) => {
    if (reference) return reference;
    const name = about.slice(about.indexOf(":") + 1);
    return about.startsWith(KIND) ? (names.get(name) ?? name) : name;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind) mute.mutate({ about: KIND + kind, muted: true }, { onSuccess: () => setKind("") });
  };
  return (
    <section aria-labelledby="notices-muted" className={styles.section}>
      <h2 id="notices-muted" className={layout.band}>
        <Trans>Muted</Trans>
      </h2>
      {data && data.items.length > 0 ? (
        <ul className={styles.list} aria-labelledby="notices-muted">
          {data.items.map((one) => {
            const name = nameOf(one.about, one.reference);
            return (
              <li key={one.about} className={styles.item}>
                <span>{name}</span>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={t`Hear of ${name} again`}
                  onClick={() => mute.mutate({ about: one.about, muted: false })}
                >
                  <Trans>Hear of it again</Trans>
                </Button>
              </li>
            );
          })}
        </ul>
      ) : (
        <p className={styles.explained}>
          <Trans>Nothing is muted. An operation is muted in the inbox, a type here.</Trans>
        </p>
      )}
      <form className={styles.form} onSubmit={submit} aria-label={t`Mute a type`}>
        <NativeSelect
          label={t`Type`}
          value={kind}
          data={[{ value: "", label: "" }, ...[...names].map(([value, label]) => ({ value, label }))]}
          onChange={(event) => setKind(event.currentTarget.value)}
        />
        {mute.error ? (
          <p role="alert" className={styles.refused}>
            {explain(mute.error)}
          </p>
        ) : null}
        <Button type="submit" variant="default" disabled={!kind}>
          <Trans>Mute a type</Trans>
        </Button>
      </form>
    </section>
  );
}
