import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { PromiseStanding } from "~/api/generated/model/promise-standing";
import type { KindWords } from "~/lib/kinds";
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

function useStandingWord(): (standing: PromiseStanding["standing"]) => string {
  const { t } = useLingui();
  return (standing) => {
    switch (standing) {
      case "in_time":
        return t`in time`;
      case "at_risk":
        return t`nearly late`;
      case "late":
        return t`late`;
      case "paused":
        return t`paused`;
      case "kept":
        return t`kept`;
      case "missed":
        return t`missed`;
    }
  };
}
