import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endLimit, listLimits } from "~/api/generated/calls";
import type { AlertLimit } from "~/api/generated/model/alert-limit";
import { useAnnounce } from "~/lib/announce";
import { useLatestWords } from "~/lib/latest-words";
import { sessionOptions } from "~/lib/session";
import { useProblemWords } from "~/ui/faces";
import styles from "./alerts.module.css";
import { LimitDialog } from "./limit-dialog";
import { Listed } from "./listed";
import { useAlertWords } from "./use-alert-words";

/** The limits in force. */
export const limitsOptions = queryOptions({
  queryKey: ["alert-limits"],
  queryFn: ({ signal }) => listLimits({}, { signal }),
});

/** Limits of one's own beside what is usual, and a way to set one. */
export function Limits() {
  const { t } = useLingui();
  const { data: session } = useQuery(sessionOptions);
  const { data, error, refetch } = useQuery(limitsOptions);
  const [setting, setSetting] = useState(false);
  const manages = session?.manages ?? false;
  return (
    <>
      <Listed
        title={t`Limits`}
        adds={manages ? t`Set a limit…` : null}
        onAdd={() => setSetting(true)}
        failed={error && !data ? { error, onRetry: refetch } : null}
        columns={[
          t`What`,
          t`Limit`,
          t`Within`,
          t`Type`,
          t`Brand or provider`,
          t`Set by`,
          <span key="end" className={styles.unseen}>{t`End`}</span>,
        ]}
        rows={data?.items.map((limit) => <Row key={limit.id} limit={limit} manages={manages} />) ?? null}
        empty={<Trans>None is set. A limit opens an alert at once, whatever is usual.</Trans>}
      />
      {setting ? <LimitDialog onClose={() => setSetting(false)} /> : null}
    </>
  );
}

function Row({ limit, manages }: { limit: AlertLimit; manages: boolean }) {
  const { t } = useLingui();
  const words = useAlertWords();
  const latest = useLatestWords();
  const client = useQueryClient();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const what = words.measured(limit);
  const end = useMutation({
    mutationFn: () => endLimit(limit.id),
    onSuccess: () => {
      announce(t`Limit ended: ${what}`);
      return client.invalidateQueries({ queryKey: limitsOptions.queryKey });
    },
    onError: (error) => announce(explain(error)),
  });
  return (
    <tr>
      <td>{what}</td>
      <td data-label={t`Limit`}>{words.bound(limit)}</td>
      <td data-label={t`Within`}>{words.window(limit)}</td>
      <td data-label={t`Type`}>{limit.kind ? latest.kind(limit.kind) : t`each`}</td>
      <td data-label={t`Brand or provider`}>{words.whose(limit)}</td>
      <td data-label={t`Set by`}>{limit.set_by.name}</td>
      <td>
        {manages ? (
          <Button
            size="xs"
            variant="default"
            loading={end.isPending}
            onClick={() => end.mutate()}
            aria-label={t`End the limit: ${what}`}
          >
            <Trans>End</Trans>
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
