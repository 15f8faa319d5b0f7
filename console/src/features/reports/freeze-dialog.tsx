import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { freezeReport } from "~/api/generated/calls";
import { dateFormat } from "~/lib/formats";
import { useLanguage } from "~/lib/language";
import { localeOf } from "~/lib/money";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { frozenListOptions } from "./frozen-query";
import { parametersOf, type ReportName } from "./report-query";
import { daysOf, type ReportSearch } from "./report-search";
import styles from "./reports.module.css";

type Props = {
  name: string;
  title: string;
  search: ReportSearch;
  /** When the period is over. */
  to: string | undefined;
  onClose: () => void;
};

/** Keeps what a report says of a period that is over, under a title. */
export function FreezeDialog({ name, title: report, search, to, onClose }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const explain = useProblemWords();
  const locale = localeOf(useLanguage());
  const [title, setTitle] = useState(() => `${report}, ${monthOf(search, locale)}`);
  const isOver = to !== undefined && Date.parse(to) <= Date.now();
  const keep = useMutation({
    mutationFn: () => {
      const { include, ...asked } = parametersOf(name, search);
      const { from, to: after } = daysOf(search);
      const body = { ...asked, from, to: after, title: title.trim(), ...(include ? { include } : {}) };
      return freezeReport(name as ReportName, body);
    },
    onSuccess: ({ id }) => {
      queryClient.invalidateQueries({ queryKey: frozenListOptions.queryKey });
      navigate({ to: "/frozen-reports/$id", params: { id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() && !keep.isPending) keep.mutate();
  };
  return (
    <Dialog title={t`Freeze this report`} size={480} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        {isOver ? (
          <>
            <p>
              <Trans>
                It keeps the numbers as they are now, for good. What happens to these operations later is
                shown as a correction, in the month in which it happens.
              </Trans>
            </p>
            <TextInput
              label={t`Title`}
              value={title}
              maxLength={200}
              onChange={(event) => setTitle(event.currentTarget.value)}
              data-autofocus
            />
          </>
        ) : (
          <p>
            <Trans>
              Only a period that is over can be frozen, and this one goes on. Choose last month, or days up to
              yesterday.
            </Trans>
          </p>
        )}
        {keep.error ? <p role="alert">{explain(keep.error)}</p> : null}
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          {isOver ? (
            <Button type="submit" loading={keep.isPending} disabled={title.trim() === ""}>
              <Trans>Freeze</Trans>
            </Button>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}

/** The month in which the period begins, as it is called. */
function monthOf(search: ReportSearch, locale: string): string {
  const first = new Date(`${daysOf(search).from}T00:00:00Z`);
  if (Number.isNaN(first.getTime())) return "";
  return dateFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(first);
}
