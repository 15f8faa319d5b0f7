import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { SignalCounts } from "~/api/generated/model/signal-counts";
import { SignalState } from "~/api/generated/model/signal-state";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import styles from "./signals.module.css";
import type { SignalsSearch } from "./signals-query";
import { useSignalState } from "./use-signal-words";

// What a person has to look at stands first.
const ORDER = ["contradicting", "parked", "unmapped", "received", "applied", "known", "overtaken", "ignored"];

type Props = { counts: SignalCounts | undefined; search: SignalsSearch };

/** The states as links, each with how many signals stand in it. */
export function StatesBar({ counts, search }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const stateWord = useSignalState();
  const source = {
    ...(search.source ? { source: search.source } : {}),
    ...(search.operation ? { operation: search.operation } : {}),
  };
  const refused = counts?.refused.reduce((sum, one) => sum + one.count, 0) ?? 0;
  const states = Object.values(SignalState).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const numbers = new Map(counts?.states.map((one) => [one.state, one]));
  const shown = (state: SignalState) => {
    const found = numbers.get(state);
    return found ? `${formatCount(found.count, language)}${found.capped ? "+" : ""}` : "";
  };
  return (
    <nav aria-label={t`States`}>
      <ul className={styles.states}>
        <li>
          <Link
            to="/signals"
            search={source}
            activeOptions={{ exact: true }}
            aria-current={search.state ? undefined : "page"}
          >
            {t`All`}
          </Link>
        </li>
        {states.map((state) => (
          <li key={state}>
            <Link
              to="/signals"
              search={{ ...source, state }}
              aria-current={search.state === state ? "page" : undefined}
            >
              {stateWord(state)} <span>{shown(state)}</span>
            </Link>
          </li>
        ))}
        <li>
          <Link
            to="/signals"
            search={{ ...source, state: "refused" }}
            aria-current={search.state === "refused" ? "page" : undefined}
          >
            {t`Refused`} <span>{formatCount(refused, language)}</span>
          </Link>
        </li>
      </ul>
    </nav>
  );
}
