import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import type { Revealed } from "~/api/generated/model/revealed";
import { useAnnounce } from "~/lib/announce";
import type { KindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { CopyButton } from "~/ui/copy-button";
import { Icon } from "~/ui/icon";
import styles from "./data-tabs.module.css";
import { Fact } from "./facts";
import facts from "./facts.module.css";
import { RevealDialog } from "./reveal-dialog";

/** The operation's attributes, under the kind's own words. */
export function DataTab({ operation, words }: { operation: OperationDetail; words: KindWords }) {
  const { t } = useLingui();
  const show = useValueWords();
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  // Kept by this tab alone: looking elsewhere hides it again.
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const declared = Object.keys(words.document?.attributes ?? {});
  const masked = revealed ? [] : operation.masked;
  const values: Record<string, unknown> = { ...operation.attributes, ...revealed?.attributes };
  const present = [...Object.keys(values), ...masked];
  const names = [
    ...declared.filter((name) => present.includes(name)),
    ...present.filter((name) => !declared.includes(name)),
  ];
  if (names.length === 0) {
    return (
      <p className={styles.none}>
        <Trans>This operation carries no data of its own.</Trans>
      </p>
    );
  }
  return (
    <>
      <dl className={facts.facts}>
        {names.map((name) => (
          <Fact key={name} name={words.attribute(name)}>
            {masked.includes(name) ? <Masked /> : show(values[name])}
          </Fact>
        ))}
      </dl>
      {masked.length > 0 && operation.revealable ? (
        <p className={styles.reveal}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="reveal" />}
            onClick={() => setAsking(true)}
          >
            <Trans>Reveal…</Trans>
          </Button>
        </p>
      ) : null}
      {masked.length > 0 && !operation.revealable ? (
        <p className={styles.none}>
          <Trans>Personal data is hidden; your roles do not let you reveal it here.</Trans>
        </p>
      ) : null}
      {revealed ? <RevealedHistory revealed={revealed} /> : null}
      {asking ? (
        <RevealDialog
          operation={operation}
          names={operation.masked.map(words.attribute).join(", ")}
          onClose={() => setAsking(false)}
          onRevealed={(answer) => {
            setRevealed(answer);
            setAsking(false);
            announce(t`Personal data is shown until you leave this tab`);
          }}
        />
      ) : null}
    </>
  );
}

function Masked() {
  const { t } = useLingui();
  return (
    <span role="img" aria-label={t`hidden`}>
      ••••••
    </span>
  );
}

/** What came along with moves and is no attribute: a provider's payload, as it was sent. */
function RevealedHistory({ revealed }: { revealed: Revealed }) {
  const { t } = useLingui();
  const told = revealed.entries.flatMap(({ seq, data: { attributes: _, ...rest } }) =>
    Object.keys(rest).length > 0 ? [{ seq, rest }] : [],
  );
  if (told.length === 0) return null;
  return (
    <section className={styles.raw} aria-label={t`Data that came with moves`}>
      {told.map(({ seq, rest }) => (
        <pre key={seq}>{JSON.stringify(rest, null, 2)}</pre>
      ))}
    </section>
  );
}

export function RawTab({ operation }: { operation: OperationDetail }) {
  const { t } = useLingui();
  const text = JSON.stringify(operation, null, 2);
  return (
    <div className={styles.raw}>
      <div className={styles.copy}>
        <CopyButton value={text} label={t`Copy as JSON`} />
      </div>
      <section aria-label={t`The operation as JSON`}>
        <pre>{text}</pre>
      </section>
    </div>
  );
}

function useValueWords(): (value: unknown) => string {
  const { t } = useLingui();
  const locale = localeOf(useLanguage());
  return (value) => {
    if (value === true) return t`yes`;
    if (value === false) return t`no`;
    if (value === null || value === undefined) return "–";
    if (typeof value === "number") return new Intl.NumberFormat(locale).format(value);
    if (typeof value === "string") return value;
    return JSON.stringify(value);
  };
}
