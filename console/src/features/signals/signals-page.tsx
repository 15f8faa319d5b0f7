import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Signal } from "~/api/generated/model/signal";
import type { SignalState } from "~/api/generated/model/signal-state";
import { useNow, useWaitedLong } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import { RefusedTable } from "./refused-table";
import styles from "./signals.module.css";
import { countsOptions, type SignalsSearch, signalsOptions } from "./signals-query";
import { StatesBar } from "./states-bar";
import { useSignalState, useSignalWhy } from "./use-signal-words";

type Props = { search: SignalsSearch; manages: boolean; onSearch: (search: SignalsSearch) => void };

/** What providers reported: the last received first, by what became of it. */
export function SignalsPage({ search, manages, onSearch }: Props) {
  const { t } = useLingui();
  const { data: counts } = useQuery(countsOptions(search.source));
  const sources = counts?.sources ?? [];
  return (
    <main className={styles.page}>
      <title>{`${t`Signals`} · Viertakt`}</title>
      <div className={styles.head}>
        <h1 className={styles.heading}>
          <Trans>Signals</Trans>
        </h1>
        {sources.length > 0 ? (
          <NativeSelect
            size="xs"
            aria-label={t`Source`}
            value={search.source ?? ""}
            onChange={(event) => {
              const { source: _, ...rest } = search;
              const chosen = event.currentTarget.value;
              onSearch(chosen ? { ...rest, source: chosen } : rest);
            }}
            data={[{ value: "", label: t`All sources` }, ...sources]}
          />
        ) : null}
        {manages ? (
          <Link to="/sources">
            <Trans>Sources</Trans>
          </Link>
        ) : null}
      </div>
      {search.operation ? (
        <p className={styles.muted}>
          <Trans>
            About one operation. <Link to="/signals">Show all</Link>
          </Trans>
        </p>
      ) : null}
      <StatesBar counts={counts} search={search} />
      {search.state === "refused" ? (
        <RefusedTable items={counts?.refused ?? []} />
      ) : (
        <Listed state={search.state} source={search.source} operation={search.operation} manages={manages} />
      )}
    </main>
  );
}

type ListedProps = {
  state: SignalState | undefined;
  source: string | undefined;
  operation: string | undefined;
  manages: boolean;
};

function Listed({ state, source, operation, manages }: ListedProps) {
  const { t } = useLingui();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(signalsOptions({ state, source, operation }));
  const waiting = useWaitedLong(isPending);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && !data) return <FailedFace error={error} onRetry={() => refetch()} />;
  if (waiting) return <p role="status">{t`Loading…`}</p>;
  if (!data) return null;
  if (items.length === 0)
    return <NoSignals filtered={Boolean(state || source || operation)} manages={manages} />;
  return (
    <>
      <SignalsTable items={items} />
      {hasNextPage ? (
        <div>
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            <Trans>Load more</Trans>
          </Button>
        </div>
      ) : null}
    </>
  );
}

function NoSignals({ filtered, manages }: { filtered: boolean; manages: boolean }) {
  const { t } = useLingui();
  if (filtered) return <Face title={t`No signal fits this filter`} />;
  return (
    <Face title={t`Nothing was reported yet`}>
      <p>
        {manages ? (
          <Trans>Connect a provider under “Sources”: its reports then move operations by themselves.</Trans>
        ) : (
          <Trans>Here stands what providers report, as soon as an administrator has connected one.</Trans>
        )}
      </p>
    </Face>
  );
}

function SignalsTable({ items }: { items: readonly Signal[] }) {
  const { t } = useLingui();
  const now = useNow();
  const stateWord = useSignalState();
  const whyWord = useSignalWhy();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
    <section className={styles.scroller} tabIndex={0} aria-label={t`Signals`}>
      <table className={`${tables.table} ${tables.cards} ${styles.table}`}>
        <thead>
          <tr>
            <th scope="col">{t`Report`}</th>
            <th scope="col">{t`Source`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Operation`}</th>
            <th scope="col">{t`Why`}</th>
            <th scope="col">{t`Received`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <td>
                <Link to="/signals/$source/$id" params={{ source: one.source, id: one.id }}>
                  {one.type ?? one.event_id}
                </Link>
              </td>
              <td data-label={t`Source`}>{one.source}</td>
              <td data-label={t`State`}>{stateWord(one.state)}</td>
              <td data-label={t`Operation`}>
                {one.operation ? (
                  <Link to="/operations/$id" params={{ id: one.operation.id }}>
                    {one.operation.reference}
                  </Link>
                ) : (
                  (one.names.at(-1)?.value ?? "–")
                )}
              </td>
              <td data-label={t`Why`}>{one.why ? whyWord(one.why) : ""}</td>
              <td data-label={t`Received`}>
                <Moment at={one.received_at} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
