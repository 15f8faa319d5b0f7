import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { replaySignals } from "~/api/generated/calls";
import type { Source } from "~/api/generated/model/source";
import { useAnnounce } from "~/lib/announce";
import { useNow, useWaitedLong } from "~/lib/clock";
import { CopyButton } from "~/ui/copy-button";
import { Face, FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import { SecretsDialog } from "./secrets-dialog";
import styles from "./signals.module.css";
import { sourcesOptions } from "./signals-query";
import { SourceDialog } from "./source-dialog";
import { TryDialog } from "./try-dialog";
import { useSchemeWord } from "./use-signal-words";

type Open = { dialog: "new" } | { dialog: "change" | "secrets" | "try"; source: string } | null;

/** Who reports to us, how what they send is verified, and which mapping reads it. */
export function SourcesPage() {
  const { t } = useLingui();
  const { data, error, isPending, refetch } = useQuery(sourcesOptions);
  const waiting = useWaitedLong(isPending);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const shown = open && "source" in open ? data?.items.find((one) => one.name === open.source) : undefined;
  return (
    <main className={styles.page} aria-busy={waiting}>
      <title>{`${t`Sources`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Sources</Trans>
        </h1>
        <Button onClick={() => setOpen({ dialog: "new" })}>
          <Trans>Connect a provider</Trans>
        </Button>
      </div>
      {error && !data ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {waiting ? <p role="status">{t`Loading…`}</p> : null}
      {data?.items.length === 0 ? (
        <Face title={t`No provider is connected yet`}>
          <p>
            <Trans>
              Five mappings come along: Stripe, Adyen, Sumsub, Onfido and Veriff. Others are connected by a
              mapping of your own.
            </Trans>
          </p>
        </Face>
      ) : null}
      {data && data.items.length > 0 ? <SourcesTable items={data.items} onOpen={setOpen} /> : null}
      {open?.dialog === "new" ? (
        <SourceDialog onClose={close} onSaved={(made) => setOpen({ dialog: "secrets", source: made.name })} />
      ) : null}
      {open?.dialog === "change" && shown ? (
        <SourceDialog source={shown} onClose={close} onSaved={close} />
      ) : null}
      {open?.dialog === "secrets" && shown ? <SecretsDialog source={shown} onClose={close} /> : null}
      {open?.dialog === "try" && shown ? <TryDialog source={shown} onClose={close} /> : null}
    </main>
  );
}

type TableProps = { items: readonly Source[]; onOpen: (open: Open) => void };

function SourcesTable({ items, onOpen }: TableProps) {
  const { t } = useLingui();
  const now = useNow();
  const schemeWord = useSchemeWord();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
    <section className={styles.scroller} tabIndex={0} aria-label={t`Sources`}>
      <table className={`${tables.table} ${tables.cards} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t`Name`}</th>
            <th scope="col">{t`Signature`}</th>
            <th scope="col">{t`Mapping`}</th>
            <th scope="col" className={tables.number}>{t`Secrets`}</th>
            <th scope="col">{t`Address`}</th>
            <th scope="col">{t`Changed`}</th>
            <th scope="col">{t`Actions`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => {
            const address = `${window.location.origin}${one.path}`;
            return (
              <tr key={one.name}>
                <td>
                  {one.name}
                  {one.active ? null : <p className={styles.muted}>{t`switched off`}</p>}
                </td>
                <td data-label={t`Signature`}>{schemeWord(one.scheme)}</td>
                <td data-label={t`Mapping`}>{one.ready ? t`ready` : t`its own`}</td>
                <td data-label={t`Secrets`} className={tables.number}>
                  {one.secrets.length}
                </td>
                <td data-label={t`Address`}>
                  <code>{one.path}</code> <CopyButton value={address} label={t`Copy the address`} />
                </td>
                <td data-label={t`Changed`}>
                  <Moment at={one.changed_at} now={now} />
                </td>
                <td>
                  <Actions source={one} onOpen={onOpen} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Actions({ source, onOpen }: { source: Source; onOpen: (open: Open) => void }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const { name } = source;
  const replay = useMutation({
    mutationFn: () => replaySignals(name, {}),
    onSuccess: ({ count }) => {
      queryClient.invalidateQueries({ queryKey: ["signals"] });
      announce(t`Signals read and applied once more: ${count}`);
    },
  });
  const words = {
    change: t`Change ${name}`,
    secrets: t`Secrets of ${name}`,
    try: t`Try a payload at ${name}`,
  };
  return (
    <div className={styles.buttons}>
      {(["change", "secrets", "try"] as const).map((dialog) => (
        <Button
          key={dialog}
          size="compact-sm"
          variant="default"
          aria-label={words[dialog]}
          onClick={() => onOpen({ dialog, source: name })}
        >
          {{ change: t`Change`, secrets: t`Secrets`, try: t`Try` }[dialog]}
        </Button>
      ))}
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t`Replay what moved nothing at ${name}`}
        loading={replay.isPending}
        onClick={() => replay.mutate()}
      >
        <Trans>Replay</Trans>
      </Button>
    </div>
  );
}
