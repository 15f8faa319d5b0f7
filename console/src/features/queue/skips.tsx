import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { listSkips } from "~/api/generated/calls";
import { useNow } from "~/lib/clock";
import { useLatestWords } from "~/lib/latest-words";
import { FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import tables from "~/ui/table.module.css";
import styles from "./queue-page.module.css";

const SHOWN = 100;

/** Who passed over what, and why: asked for when it is opened. */
export function Skips() {
  const { t } = useLingui();
  const now = useNow();
  const words = useLatestWords();
  const [open, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["skips"],
    queryFn: ({ signal }) => listSkips({ limit: SHOWN }, { signal }),
    enabled: open,
  });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Trans>Passed over within the last month</Trans>
      </summary>
      {error ? <FailedFace error={error} onRetry={() => refetch()} /> : null}
      {data?.items.length === 0 ? (
        <p className={styles.hint}>
          <Trans>Nobody has passed anything over that you may see.</Trans>
        </p>
      ) : null}
      {data && data.items.length > 0 ? (
        <table
          className={`${tables.table} ${tables.cards}`}
          aria-label={t`Passed over within the last month`}
        >
          <thead>
            <tr>
              <th scope="col">{t`When`}</th>
              <th scope="col">{t`Who`}</th>
              <th scope="col">{t`What`}</th>
              <th scope="col">{t`Why`}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((one) => (
              <tr key={`${one.operation_id}/${one.by.id}`}>
                <td>
                  <Moment at={one.at} now={now} />
                </td>
                <td>{one.by.name}</td>
                <td>
                  {words.kind(one.kind)}{" "}
                  <Link to="/operations/$id" params={{ id: one.operation_id }}>
                    {one.reference}
                  </Link>{" "}
                  · {words.stage(one.kind, one.stage)}
                </td>
                <td>{one.comment ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </details>
  );
}
