import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  createReportSchedule,
  endReportSchedule,
  listReportSchedules,
  sendReportSchedule,
} from "~/api/generated/calls";
import type { ReportSchedule } from "~/api/generated/model/report-schedule";
import { useAnnounce } from "~/lib/announce";
import { useNow } from "~/lib/clock";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { Refused } from "~/ui/refused";
import { type ReportSearch, zoneOf } from "./report-search";
import styles from "./reports.module.css";

const schedulesOptions = queryOptions({
  queryKey: ["report-schedules"],
  queryFn: ({ signal }) => listReportSchedules({ signal }),
  retry: false,
});

type Props = { name: string; title: string; search: ReportSearch; onClose: () => void };

/** Has a report come by mail, with the file beside it, and ends what comes. */
export function MailDialog({ name, title, search, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [every, setEvery] = useState("week");
  const [at, setAt] = useState("07:00");
  const [format, setFormat] = useState("xlsx");
  const schedules = useQuery(schedulesOptions);
  const change = useScheduleChange();
  const mine = schedules.data?.items.filter((one) => one.report === name) ?? [];
  const q = search.q;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({
      run: () =>
        createReportSchedule({
          report: name,
          every: every === "day" || every === "month" ? every : "week",
          at,
          format: format === "csv" ? "csv" : "xlsx",
          zone: zoneOf(search),
          ...(q ? { q } : {}),
        }),
      told: t`${title} comes by mail`,
    });
  };
  const error = schedules.error ?? change.error;
  return (
    <Dialog title={t`${title} by mail`} size={480} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        {schedules.data?.mail_works === false ? (
          <p>
            <Trans>This installation sends no mail. Whoever administers it can set up a mail server.</Trans>
          </p>
        ) : null}
        <NativeSelect
          label={t`How often`}
          value={every}
          data-autofocus
          onChange={(event) => setEvery(event.currentTarget.value)}
          data={[
            { value: "day", label: t`Every day, about the day before` },
            { value: "week", label: t`Mondays, about the week before` },
            { value: "month", label: t`The first of the month, about the month before` },
          ]}
        />
        <TextInput
          label={t`At`}
          type="time"
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <NativeSelect
          label={t`File`}
          value={format}
          onChange={(event) => setFormat(event.currentTarget.value)}
          data={[
            { value: "xlsx", label: "XLSX" },
            { value: "csv", label: "CSV" },
          ]}
        />
        <p>
          {q ? <Trans>It keeps the filter that is set.</Trans> : null}{" "}
          <Trans>It holds what you may take along when it goes.</Trans>
        </p>
        {error ? <Refused told={explain(error)} /> : null}
        {mine.length > 0 ? <Schedules items={mine} change={change} title={title} /> : null}
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button type="submit" loading={change.isPending} disabled={at === ""}>
            <Trans>Send by mail</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type SchedulesProps = {
  items: readonly ReportSchedule[];
  change: ReturnType<typeof useScheduleChange>;
  title: string;
};

function Schedules({ items, change, title }: SchedulesProps) {
  const { t } = useLingui();
  const now = useNow();
  const words = { day: t`daily`, week: t`weekly`, month: t`monthly` };
  return (
    <ul className={styles.schedules} aria-label={t`Comes to you by mail`}>
      {items.map((one) => (
        <li key={one.id}>
          <span>
            {words[one.every]} · {one.format.toUpperCase()}
            {one.q ? (
              <>
                {" · "}
                <code>{one.q}</code>
              </>
            ) : null}
            {" · "}
            <Moment at={one.next_at} now={now} />
          </span>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() =>
              change.mutate({ run: () => sendReportSchedule(one.id), told: t`${title} is on its way` })
            }
          >
            <Trans>Send now</Trans>
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() =>
              change.mutate({ run: () => endReportSchedule(one.id), told: t`${title} comes no more` })
            }
          >
            <Trans>End</Trans>
          </Button>
        </li>
      ))}
    </ul>
  );
}

function useScheduleChange() {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: ({ run }: { run: () => Promise<unknown>; told: string }) => run(),
    onSuccess: (_, { told }) => {
      announce(told);
      return queryClient.invalidateQueries({ queryKey: schedulesOptions.queryKey });
    },
  });
}
