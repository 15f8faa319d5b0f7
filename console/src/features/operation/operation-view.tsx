import { Trans, useLingui } from "@lingui/react/macro";
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { OperationDetail } from "~/api/generated/model/operation-detail";
import { useNow } from "~/lib/clock";
import { useCopy } from "~/lib/copy";
import { type KindWords, useKindWords } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { CopyButton } from "~/ui/copy-button";
import { FailedFace } from "~/ui/faces";
import { Moment } from "~/ui/moment";
import { StatusChip } from "~/ui/status-chip";
import { ChecksTab } from "./checks-tab";
import { ChildrenTab } from "./children-tab";
import { DataTab, RawTab } from "./data-tabs";
import { Facts } from "./facts";
import { FlowStrip } from "./flow-strip";
import { type Draft, MoveDialog } from "./move-dialog";
import { NoteComposer } from "./note-composer";
import { childrenOptions, historyOptions } from "./operation-query";
import { TimelineSkeleton } from "./operation-skeleton";
import styles from "./operation-view.module.css";
import { Presence } from "./presence";
import { Timeline } from "./timeline";
import { Transitions } from "./transitions";
import { WaitingApprovals } from "./waiting-approvals";
import { WorkRow } from "./work-row";

type Props = {
  operation: OperationDetail;
  /** Beside the list there is one column; on its own page the facts stand at the right. */
  layout: "page" | "panel";
  actions: ReactNode;
  /** While a queue is worked through: on to the next. */
  onMoved?: () => void;
};

export function OperationView({ operation, layout, actions, onMoved }: Props) {
  const { t } = useLingui();
  const now = useNow();
  const words = useKindWords(operation.kind, operation.kind_version);
  const history = useQuery(historyOptions(operation.id, operation.version));
  const children = useQuery(childrenOptions(operation.id)).data?.items.length;
  const heading = useRef<HTMLHeadingElement>(null);
  const [moving, setMoving] = useState<string | null>(null);
  // A draft outlives its dialog: closing it to look something up loses nothing.
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const [note, setNote] = useState("");
  const copy = useCopy();
  const playing = onMoved !== undefined;
  // The page before this one has gone with its focus.
  useEffect(() => {
    if (playing) heading.current?.focus();
  }, [playing]);
  useShortcuts({
    copyNumber: () => copy(operation.reference),
    copyLink: () => copy(`${window.location.origin}/operations/${operation.id}`),
  });
  const facts = <Facts operation={operation} words={words} now={now} />;
  return (
    <>
      <header className={styles.header}>
        <div className={styles.top}>
          <StatusChip status={operation.status} stage={words.stage(operation.stage)} />
          <Presence id={operation.id} writing={note !== ""} />
          <div className={styles.actions}>{actions}</div>
        </div>
        <Heading operation={operation} words={words} headingRef={heading} />
        <FlowStrip operation={operation} entries={history.data?.entries ?? []} words={words} />
        <HeldUp held={operation.held} now={now} />
        <Transitions
          available={operation.available}
          words={words}
          quiet={operation.approvals.length > 0}
          onChoose={(one) => setMoving(one.transition)}
        />
        <WorkRow operation={operation} now={now} />
        <WaitingApprovals
          operation={operation}
          words={words}
          now={now}
          onSaid={() => setTimeout(() => heading.current?.focus(), 160)}
        />
      </header>
      <div className={styles.body} data-layout={layout}>
        {layout === "panel" ? <div>{facts}</div> : null}
        <Tabs defaultValue="timeline" keepMounted={false} className={styles.tabs}>
          <Tabs.List>
            <Tabs.Tab value="timeline">
              <Trans>Timeline</Trans>
            </Tabs.Tab>
            {Object.keys(words.document?.checks ?? {}).length > 0 ? (
              <Tabs.Tab value="checks">
                <Trans>Checks</Trans>
              </Tabs.Tab>
            ) : null}
            <Tabs.Tab value="data">
              <Trans>Data</Trans>
            </Tabs.Tab>
            <Tabs.Tab value="children">
              {children ? <Trans>Children ({children})</Trans> : <Trans>Children</Trans>}
            </Tabs.Tab>
            <Tabs.Tab value="raw">
              <Trans>Raw</Trans>
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline">
            {operation.may.includes("note") ? (
              <NoteComposer id={operation.id} draft={note} onDraft={setNote} />
            ) : null}
            {history.data ? (
              <Timeline history={history.data} words={words} now={now} />
            ) : history.isError ? (
              <FailedFace error={history.error} onRetry={() => history.refetch()} />
            ) : (
              <TimelineSkeleton />
            )}
          </Tabs.Panel>
          <Tabs.Panel value="checks" pt={14}>
            <ChecksTab operation={operation} words={words} now={now} />
          </Tabs.Panel>
          <Tabs.Panel value="data" pt={14}>
            <DataTab operation={operation} words={words} />
          </Tabs.Panel>
          <Tabs.Panel value="children" pt={14}>
            <ChildrenTab id={operation.id} now={now} />
          </Tabs.Panel>
          <Tabs.Panel value="raw" pt={14}>
            <RawTab operation={operation} />
          </Tabs.Panel>
        </Tabs>
        {layout === "page" ? <aside aria-label={t`Facts`}>{facts}</aside> : null}
      </div>
      {moving ? (
        <MoveDialog
          key={moving}
          operation={operation}
          transition={moving}
          words={words}
          draft={drafts[moving] ?? { reason: "", comment: "" }}
          onDraft={(draft) => setDrafts((before) => ({ ...before, [moving]: draft }))}
          onClose={() => setMoving(null)}
          onMoved={() => {
            setDrafts({});
            setMoving(null);
            if (onMoved) {
              onMoved();
              return;
            }
            // The button that opened the dialog may be gone with the stage.
            setTimeout(() => heading.current?.focus(), 160);
          }}
        />
      ) : null}
    </>
  );
}

type HeadingProps = {
  operation: OperationDetail;
  words: KindWords;
  headingRef: React.RefObject<HTMLHeadingElement | null>;
};

function Heading({ operation, words, headingRef }: HeadingProps) {
  const { t } = useLingui();
  const language = useLanguage();
  const name = `${words.kind} ${operation.reference}`;
  const line = [operation.subject, operation.brand].filter(Boolean).join(" · ");
  return (
    <div>
      <h1 ref={headingRef} tabIndex={-1} className={styles.heading}>
        {operation.amount ? (
          <>
            <span className={styles.amount}>{formatMoney(operation.amount, language)}</span>
            <span className={styles.name}>{name}</span>
          </>
        ) : (
          <span className={styles.amount}>{name}</span>
        )}
      </h1>
      <p className={styles.line}>
        {line}
        <CopyButton value={operation.reference} label={t`Copy the number`} />
      </p>
    </div>
  );
}

/** Nothing happens here for now, and that is nobody's fault who looks at it: why, and where it is worked on. */
function HeldUp({ held, now }: { held: OperationDetail["held"]; now: number }) {
  if (!held) return null;
  return (
    <div className={styles.held} role="status">
      <p className={styles.wrong}>
        {held.incident && held.title ? (
          <Trans>
            Something is wrong at its provider:{" "}
            <Link to="/incidents/$id" params={{ id: held.incident }}>
              {held.title}
            </Link>
          </Trans>
        ) : (
          <Trans>Something is wrong at its provider</Trans>
        )}
      </p>
      <p>
        <Trans>
          Put on hold <Moment at={held.since} now={now} />. Programs send nothing, nobody is asked, and the
          time limit rests.
        </Trans>
      </p>
    </div>
  );
}
