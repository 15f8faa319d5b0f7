import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { getListBulkItemsUrl } from "~/api/generated/calls";
import type { BulkJob } from "~/api/generated/model/bulk-job";
import { ItemState } from "~/api/generated/model/item-state";
import { useLanguage } from "~/lib/language";
import { useLatestWords } from "~/lib/latest-words";
import layout from "~/ui/layout.module.css";
import tables from "~/ui/table.module.css";
import styles from "./bulk.module.css";
import { itemsOptions } from "./bulk-query";
import { useItemState, useWhyNot } from "./use-bulk-words";

/** What came of each operation, as a list and as a file. */
export function JobItems({ job }: { job: BulkJob }) {
  const { t } = useLingui();
  const language = useLanguage();
  const words = useLatestWords();
  const stateWord = useItemState();
  const whyNot = useWhyNot();
  const queryClient = useQueryClient();
  const [state, setState] = useState<ItemState | undefined>(undefined);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    itemsOptions(job.id, state),
  );
  const { id, left } = job;
  // The list is as old as the count it was read beside.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the count that makes it old
  useEffect(() => {
    queryClient.invalidateQueries({ queryKey: ["bulk", id, "items"] });
  }, [queryClient, id, left, job.state]);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={layout.section}>
      <div className={styles.head}>
        <h2 id="bulk-items" className={layout.band}>
          <Trans>Each operation</Trans>
        </h2>
        <div className={styles.tools}>
          <NativeSelect
            size="xs"
            aria-label={t`Show`}
            value={state ?? ""}
            onChange={(event) =>
              setState(Object.values(ItemState).find((one) => one === event.currentTarget.value))
            }
            data={[
              { value: "", label: t`All` },
              ...Object.values(ItemState).map((one) => ({ value: one, label: stateWord(one) })),
            ]}
          />
          <a href={getListBulkItemsUrl(id, { format: "csv", language })} download>
            CSV
          </a>
        </div>
      </div>
      {items.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than a small screen: scrolled by keyboard too
        <section className={styles.scroller} tabIndex={0} aria-labelledby="bulk-items">
          <table className={`${tables.table} ${styles.rows}`}>
            <thead>
              <tr>
                <th scope="col">{t`Number`}</th>
                <th scope="col">{t`Type`}</th>
                <th scope="col">{t`Result`}</th>
                <th scope="col">{t`Why not`}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.n}>
                  <td>
                    {item.reference ? (
                      <Link to="/operations/$id" params={{ id: item.operation_id }}>
                        {item.reference}
                      </Link>
                    ) : (
                      <code>{item.operation_id}</code>
                    )}
                  </td>
                  <td>{item.kind ? words.kind(item.kind) : "–"}</td>
                  <td>{stateWord(item.state)}</td>
                  <td>{item.why_not ? whyNot(item.why_not) : ""}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <p className={styles.muted}>
          <Trans>None.</Trans>
        </p>
      )}
      {hasNextPage ? (
        <div>
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            <Trans>Load more</Trans>
          </Button>
        </div>
      ) : null}
    </div>
  );
}
