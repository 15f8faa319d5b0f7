import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { listViews } from "~/api/generated/calls";
import { useWaitedLong } from "~/lib/clock";
import { lastQueue, usePlay } from "~/lib/play";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { useViewName } from "~/lib/view-names";
import { FailedFace, useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import styles from "./queue-page.module.css";
import { type Section, sectionOptions, useSections } from "./queue-sections";
import { QueueTable } from "./queue-table";
import { Skips } from "./skips";

const USUAL = "waiting_on_us";

/** What is the reader's to do: in hand, assigned, free for their teams, put off; and working through a view one by one. */
export function QueuePage({ empty }: { empty: string | undefined }) {
  const { t } = useLingui();
  const heading = useRef<HTMLHeadingElement>(null);
  const sections = useSections();
  return (
    <main className={styles.page}>
      <title>{`${t`My queue`} · Viertakt`}</title>
      <h1 ref={heading} tabIndex={-1} className={layout.heading}>
        <Trans>My queue</Trans>
      </h1>
      <WorkThrough empty={empty} />
      {sections.map((section) => (
        <QueueSection
          key={section.id}
          section={section}
          onChanged={() => setTimeout(() => heading.current?.focus(), 160)}
        />
      ))}
      <Skips />
    </main>
  );
}

/** Chooses a view and takes its first in hand. */
function WorkThrough({ empty }: { empty: string | undefined }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const nameOf = useViewName();
  const play = usePlay();
  const { data } = useQuery({ queryKey: ["views"], queryFn: ({ signal }) => listViews({ signal }) });
  const views = (data?.items ?? []).filter((view) => !view.fault);
  const [chosen, setChosen] = useState(empty ?? lastQueue());
  const known = views.find((view) => view.id === chosen) ?? views.find((view) => view.builtin === USUAL);
  const view = known ?? views[0];
  const left = views.find((one) => one.id === empty);
  const start = () => {
    if (view && !play.isPending) play.mutate({ view: view.id });
  };
  useShortcuts(view ? { playNext: start } : {});
  const name = left ? nameOf(left) : "";
  return (
    <section className={styles.start} aria-label={t`Work through`}>
      {left ? (
        <p className={styles.done}>
          <strong>
            <Trans>All done.</Trans>
          </strong>{" "}
          <Trans>Nothing in “{name}” is free for you now.</Trans>
        </p>
      ) : null}
      <form
        className={styles.choice}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <NativeSelect
          label={t`Work through the view`}
          value={view?.id ?? ""}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={views.map((one) => ({ value: one.id, label: nameOf(one) }))}
        />
        <Button type="submit" loading={play.isPending} disabled={!view} title={t`Start (n)`}>
          <Trans>Start</Trans>
        </Button>
      </form>
      <p className={styles.hint}>
        <Trans>
          The first deadline comes first, then what is urgent, then what waits longest. What you get is in
          your hand for 15 minutes, longer while you look at it.
        </Trans>
      </p>
      {play.error ? <p role="alert">{explain(play.error)}</p> : null}
    </section>
  );
}

function QueueSection({ section, onChanged }: { section: Section; onChanged: () => void }) {
  const { t } = useLingui();
  const list = useQuery(sectionOptions(section));
  const waiting = useWaitedLong(list.isPending);
  const count = list.data?.count;
  const shown = count ? `${count.value}${count.capped ? "+" : ""}` : "";
  return (
    <section aria-labelledby={`queue-${section.id}`} className={layout.section} aria-busy={waiting}>
      <h2 id={`queue-${section.id}`} className={styles.band}>
        <Link to="/operations" search={{ q: section.q }} title={t`Show these in the list`}>
          {section.title}
        </Link>{" "}
        <span className={styles.count}>{shown}</span>
      </h2>
      {list.data ? (
        list.data.items.length > 0 ? (
          <QueueTable section={section} items={list.data.items} onChanged={onChanged} />
        ) : (
          <p className={styles.nothing}>{section.nothing}</p>
        )
      ) : list.error ? (
        <FailedFace error={list.error} onRetry={() => list.refetch()} />
      ) : waiting ? (
        <p className={styles.nothing}>{t`Loading…`}</p>
      ) : null}
    </section>
  );
}
