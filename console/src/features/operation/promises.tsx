import { useQuery } from "@tanstack/react-query";
import type { KindWords } from "~/lib/kinds";
import { useStandingWord } from "~/lib/promises";
import { DeadlineText } from "~/ui/deadline";
import { Fact } from "./facts";
import { promisesOptions } from "./operation-query";

type Props = { id: string; version: number; words: KindWords; now: number };

/** What is promised about an operation, and how that stands: what is due, nearly late, late or paused; and what was kept. */
export function Promises({ id, version, words, now }: Props) {
  const standing = useStandingWord();
  const { data } = useQuery(promisesOptions(id, version));
  return (
    <>
      {(data?.items ?? []).map((one) => (
        <Fact key={`${one.target} ${one.began_at}`} name={words.target(one.target)}>
          {one.standing === "late" || one.standing === "missed" ? (
            <strong>{standing(one.standing)}</strong>
          ) : (
            standing(one.standing)
          )}
          {one.due_at && one.decided_at === null ? (
            <>
              {" · "}
              <DeadlineText at={one.due_at} now={now} />
            </>
          ) : null}
        </Fact>
      ))}
    </>
  );
}
