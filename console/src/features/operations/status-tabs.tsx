import { useLingui } from "@lingui/react/macro";
import type { Counts } from "~/api/generated/model/counts";
import type { Status } from "~/api/generated/model/status";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { valuesOf, withValues } from "~/lib/query-text";
import { STATUSES } from "~/lib/statuses";
import { useStatusWord } from "~/ui/status-chip";
import { StatusMark } from "~/ui/status-mark";
import styles from "./status-tabs.module.css";

type Props = { q: string; counts: Counts | undefined; onQuery: (q: string) => void };

/** The four statuses with their counts; a tab writes a term into the filter and leaves the rest of it alone. */
export function StatusTabs({ q, counts, onQuery }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const word = useStatusWord();
  const chosen = valuesOf(q, "status");
  const countOf = (status: Status) =>
    (counts?.items ?? []).reduce((sum, item) => (item.status === status ? sum + item.count : sum), 0);
  const total = STATUSES.reduce((sum, status) => sum + countOf(status), 0);
  const show = (count: number) =>
    counts ? `${formatCount(count, language)}${counts.capped ? "+" : ""}` : "";
  return (
    <nav className={styles.tabs} aria-label={t`Status`}>
      <Tab
        name={t`All`}
        count={show(total)}
        current={chosen.length === 0}
        onChoose={() => onQuery(withValues(q, "status", []))}
      />
      {STATUSES.map((status) => (
        <Tab
          key={status}
          name={word(status)}
          status={status}
          count={show(countOf(status))}
          current={chosen.includes(status)}
          onChoose={() => onQuery(withValues(q, "status", [status]))}
        />
      ))}
    </nav>
  );
}

function intoView(tab: HTMLButtonElement | null): void {
  // On a small screen the tabs scroll sideways; up and down the page stays where the reader left it.
  // After the page is laid out anyway: asking earlier would lay it out twice.
  requestAnimationFrame(() => {
    const tabs = tab?.parentElement;
    if (!tab || !tabs) return;
    const [left, right] = [
      tab.offsetLeft - tabs.offsetLeft,
      tab.offsetLeft - tabs.offsetLeft + tab.offsetWidth,
    ];
    if (left < tabs.scrollLeft) tabs.scrollLeft = left;
    else if (right > tabs.scrollLeft + tabs.clientWidth) tabs.scrollLeft = right - tabs.clientWidth;
  });
}

function Tab(props: {
  name: string;
  status?: Status;
  count: string;
  current: boolean;
  onChoose: () => void;
}) {
  return (
    <button
      type="button"
      className={styles.tab}
      ref={props.current ? intoView : undefined}
      aria-current={props.current ? "true" : undefined}
      onClick={props.onChoose}
    >
      {props.status ? <StatusMark status={props.status} size={13} /> : null}
      <span>{props.name}</span>
      <span className={styles.count}>{props.count}</span>
    </button>
  );
}
