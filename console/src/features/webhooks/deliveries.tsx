import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import type { DeliveryState } from "~/api/generated/model/delivery-state";
import type { Endpoint } from "~/api/generated/model/endpoint";
import type { EndpointDelivery } from "~/api/generated/model/endpoint-delivery";
import type { ReplayEndpoint } from "~/api/generated/model/replay-endpoint";
import { useNow } from "~/lib/clock";
import { Face, FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import { Attempts } from "./attempts";
import { ReplayDialog, SinceDialog } from "./replay-dialog";
import { deliveriesOptions, useAnswerWord, useStateWord } from "./webhook-queries";
import styles from "./webhooks.module.css";

const STATES: readonly DeliveryState[] = ["done", "waiting", "failed", "dropped"];

/** What an endpoint was told, and sending some of it again. */
export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useLingui();
  const stateWord = useStateWord();
  const [state, setState] = useState<DeliveryState | undefined>();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [replay, setReplay] = useState<ReplayEndpoint | "since" | null>(null);
  const found = useInfiniteQuery(deliveriesOptions(endpoint.id, state));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const choose = (number: number, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(number);
    else next.delete(number);
    setChosen(next);
  };
  return (
    <div className={layout.section}>
      <div className={styles.head}>
        <h2 className={styles.band}>
          <Trans>Deliveries</Trans>
        </h2>
        <NativeSelect
          aria-label={t`State`}
          value={state ?? ""}
          onChange={(event) =>
            setState((event.currentTarget.value || undefined) as DeliveryState | undefined)
          }
          data={[
            { value: "", label: t`All` },
            ...STATES.map((one) => ({ value: one, label: stateWord(one) })),
          ]}
        />
        {chosen.size > 0 ? (
          <Button variant="default" onClick={() => setReplay({ numbers: [...chosen] })}>
            {t`Send ${chosen.size} again…`}
          </Button>
        ) : null}
        <Button variant="default" onClick={() => setReplay({ states: ["failed"] })}>
          <Trans>Send all that was given up again…</Trans>
        </Button>
        <Button variant="default" onClick={() => setReplay("since")}>
          <Trans>Send everything since…</Trans>
        </Button>
      </div>
      {found.error && !found.data ? <FailedFace error={found.error} onRetry={() => found.refetch()} /> : null}
      {found.data && items.length === 0 ? (
        <Face title={state ? t`No delivery is in this state` : t`Nothing was delivered yet`} />
      ) : null}
      {items.length > 0 ? (
        <DeliveryTable
          endpoint={endpoint}
          items={items}
          chosen={chosen}
          onChoose={choose}
          onAgain={(number) => setReplay({ numbers: [number] })}
        />
      ) : null}
      {found.hasNextPage ? (
        <p>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </p>
      ) : null}
      {replay === "since" ? (
        <SinceDialog endpoint={endpoint} onClose={() => setReplay(null)} onDone={() => setReplay(null)} />
      ) : replay ? (
        <ReplayDialog
          endpoint={endpoint}
          wanted={replay}
          onClose={() => setReplay(null)}
          onDone={() => {
            setReplay(null);
            setChosen(new Set());
          }}
        />
      ) : null}
    </div>
  );
}

type TableProps = {
  endpoint: Endpoint;
  items: readonly EndpointDelivery[];
  chosen: ReadonlySet<number>;
  onChoose: (number: number, on: boolean) => void;
  onAgain: (number: number) => void;
};

function DeliveryTable({ endpoint, items, chosen, onChoose, onAgain }: TableProps) {
  const { t } = useLingui();
  const stateWord = useStateWord();
  const answerWord = useAnswerWord();
  const now = useNow();
  const [open, setOpen] = useState<number | null>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
    <section className={styles.scroller} tabIndex={0} aria-label={t`Deliveries`}>
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">{t`Choose`}</th>
            <th scope="col" className={tables.number}>{t`Number`}</th>
            <th scope="col">{t({ message: "Made", context: "a delivery" })}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Operation`}</th>
            <th scope="col">{t`Answer`}</th>
            <th scope="col">{t`Next try`}</th>
            <th scope="col">{t`Actions`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <Fragment key={one.number}>
              <tr>
                <td>
                  <Checkbox
                    size="xs"
                    aria-label={t`Choose delivery ${one.number}`}
                    disabled={isTest(one)}
                    checked={chosen.has(one.number)}
                    onChange={(event) => onChoose(one.number, event.currentTarget.checked)}
                  />
                </td>
                <td className={tables.number}>{one.number}</td>
                <td>
                  <Moment at={one.made_at} now={now} />
                </td>
                <td>{stateWord(one.state)}</td>
                <td>
                  <code>{one.type}</code>
                </td>
                <td>
                  {one.operation_id ? (
                    <Link to="/operations/$id" params={{ id: one.operation_id }}>
                      {one.reference}
                    </Link>
                  ) : (
                    <AboutTopic topic={one.topic} />
                  )}
                </td>
                <td>{one.last ? `${answerWord(one.last)} · ${one.last.milliseconds} ms` : "–"}</td>
                <td>
                  {one.due_at && endpoint.active ? (
                    <Moment at={one.due_at} now={now} />
                  ) : one.state === "waiting" && endpoint.active ? (
                    t`after an earlier one`
                  ) : (
                    "–"
                  )}
                </td>
                <td className={styles.buttons}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-expanded={open === one.number}
                    aria-label={t`Attempts of delivery ${one.number}`}
                    onClick={() => setOpen(open === one.number ? null : one.number)}
                  >
                    <Trans>Attempts</Trans>
                  </Button>
                  {isTest(one) ? null : (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={t`Send again: delivery ${one.number}`}
                      onClick={() => onAgain(one.number)}
                    >
                      <Trans>Send again</Trans>
                    </Button>
                  )}
                </td>
              </tr>
              {open === one.number ? (
                <tr>
                  <td colSpan={9}>
                    <Attempts endpoint={endpoint.id} number={one.number} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A test says nothing, and is not sent again: another one is. */
function isTest(delivery: EndpointDelivery) {
  return delivery.operation_id === null && delivery.topic === null;
}

/** Where the alert or the incident is that was told. */
function AboutTopic({ topic }: { topic: string | null }) {
  const [sort, id] = topic?.split(":") ?? [];
  if (sort === "incident" && id) {
    return (
      <Link to="/incidents/$id" params={{ id }}>
        <Trans>Incident</Trans>
      </Link>
    );
  }
  return sort === "alert" ? (
    <Link to="/alerts">
      <Trans>Alerts</Trans>
    </Link>
  ) : (
    "–"
  );
}
