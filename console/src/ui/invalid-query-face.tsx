import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { Problem } from "~/api/problem";
import { Face } from "./faces";
import styles from "./query-faces.module.css";

const EXPECTED_MAX = 8;

type Props = { q: string; problem: Problem; onQuery: (q: string) => void };

/** The filter is not understood: where the fault is, what was meant perhaps, and what could stand there. */
export function InvalidQueryFace({ q, problem, onQuery }: Props) {
  const { t } = useLingui();
  const { offset, length, did_you_mean: meant, expected } = problem.facts;
  const letters = Array.from(q);
  const from = typeof offset === "number" ? Math.min(offset, letters.length) : letters.length;
  const to = typeof length === "number" ? Math.min(from + length, letters.length) : from;
  const before = letters.slice(0, from).join("");
  const after = letters.slice(to).join("");
  // Where we know what was meant, a list of everything else is only in the way.
  const all = typeof meant !== "string" && Array.isArray(expected) ? expected.map(String) : [];
  const choices = all
    .toSorted((a, b) => Number(a.includes(".")) - Number(b.includes(".")))
    .slice(0, EXPECTED_MAX);
  return (
    <div role="alert">
      <Face title={t`This filter is not understood`}>
        <p className={styles.faulty}>
          <code>
            {before}
            <mark>{letters.slice(from, to).join("") || " "}</mark>
            {after}
          </code>
        </p>
        {typeof meant === "string" ? (
          <Button variant="default" size="xs" onClick={() => onQuery(`${before}${meant}${after}`)}>
            {t`Did you mean ${meant}?`}
          </Button>
        ) : (
          <p lang="en">{problem.detail}</p>
        )}
        {choices.length > 0 ? (
          <p>
            <Trans>What can stand there:</Trans>{" "}
            {choices.map((choice) => (
              <code key={choice} className={styles.choice}>
                {choice}
              </code>
            ))}
          </p>
        ) : null}
        <Button variant="default" size="xs" onClick={() => onQuery("")}>
          <Trans>Clear the filter</Trans>
        </Button>
      </Face>
    </div>
  );
}
