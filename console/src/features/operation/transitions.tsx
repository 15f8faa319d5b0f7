import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu, Popover } from "@mantine/core";
import type { AvailableTransition } from "~/api/generated/model/available-transition";
import type { HeldUp } from "~/api/generated/model/held-up";
import type { KindWords } from "~/lib/kinds";
import { wordFromName } from "~/lib/words";
import styles from "./transitions.module.css";
import { useCauseWord } from "./words";

const BUTTONS_MAX = 4;

type Props = {
  available: readonly AvailableTransition[];
  words: KindWords;
  /** Something else is to be decided first: no button stands out. */
  quiet: boolean;
  onChoose: (transition: AvailableTransition) => void;
};

/** A button for each transition that the server allows, in its order; the reason why for each that it does not. */
export function Transitions({ available, words, quiet, onChoose }: Props) {
  const allowed = [...available.filter((one) => one.allowed)].sort((a, b) => rank(a) - rank(b));
  const disallowed = available.filter((one) => !one.allowed);
  const buttons = allowed.length > BUTTONS_MAX ? allowed.slice(0, BUTTONS_MAX - 1) : allowed;
  const rest = allowed.slice(buttons.length);
  if (available.length === 0) return null;
  return (
    <div className={styles.row}>
      {buttons.map((one, index) => (
        <Button
          key={one.transition}
          variant={!quiet && index === 0 && rank(one) === 0 ? "filled" : "default"}
          onClick={() => onChoose(one)}
        >
          {words.transition(one.transition)}
        </Button>
      ))}
      {rest.length > 0 ? (
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <Button variant="default">
              <Trans>More…</Trans>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((one) => (
              <Menu.Item key={one.transition} onClick={() => onChoose(one)}>
                {words.transition(one.transition)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {disallowed.length > 0 ? <WhyNot disallowed={disallowed} words={words} /> : null}
    </div>
  );
}

function WhyNot({ disallowed, words }: { disallowed: readonly AvailableTransition[]; words: KindWords }) {
  const { t } = useLingui();
  const why = useWhyNotWords(words);
  const waits = (held: HeldUp) => {
    const wrong = held.title ?? t`something is wrong at its provider`;
    return t`Will wait: ${wrong}`;
  };
  return (
    <Popover width={360} position="bottom-start" shadow="md" trapFocus returnFocus radius={9}>
      <Popover.Target>
        <button type="button" className={styles.why}>
          <Trans>Why not something else?</Trans>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.reasons} aria-label={t`What cannot be done now, and why`}>
        {/* Focusable, because a long list scrolls. */}
        <dl className={styles.list} tabIndex={0}>
          {disallowed.map((one) => (
            <div key={one.transition}>
              <dt>{words.transition(one.transition)}</dt>
              <dd>{why(one)}</dd>
              {one.held ? <dd>{waits(one.held)}</dd> : null}
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Why a transition is not allowed, from the server's code; its own sentence for a code we do not know. */
function useWhyNotWords(words: KindWords): (one: AvailableTransition) => string {
  const { t } = useLingui();
  const cause = useCauseWord();
  return (one) => {
    const code = one.why_not?.code;
    if (code === "needs_role" && one.roles.length > 0) {
      const roles = one.roles.map(wordFromName).join(", ");
      return t`Only for: ${roles}`;
    }
    if (code === "not_by_hand" && one.by.length > 0) {
      const causes = one.by.map(cause).join(", ");
      return t`Happens by itself: ${causes}`;
    }
    if (code === "asked_already") return t`Asked for already: it waits for approval`;
    const guard = words.document?.transitions[one.transition]?.when;
    if (code === "guard" && guard) return t`Only while: ${guard}`;
    return one.why_not?.detail ?? "";
  };
}

/** What leads on stands before what ends the operation; for the rest the kind's order counts. */
function rank(one: AvailableTransition): number {
  return one.status === "success" || one.status === "pending" ? 0 : 1;
}
