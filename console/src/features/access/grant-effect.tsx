import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { previewGrant } from "~/api/generated/calls";
import type { Count } from "~/api/generated/model/count";
import type { PreviewGrant } from "~/api/generated/model/preview-grant";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { useSettled } from "~/lib/query-language";
import { useProblemWords } from "~/ui/faces";
import styles from "./access.module.css";
import { useActWord } from "./access-queries";

const NAMED = 5;

/** What a change of grants would do now, told while it is written and before it is saved. */
export function GrantEffect({ change }: { change: PreviewGrant }) {
  const { t } = useLingui();
  const language = useLanguage();
  const actWord = useActWord();
  const explain = useProblemWords();
  const asked = useSettled(JSON.stringify(change), 350);
  const { data, error } = useQuery({
    queryKey: ["access", "effect", asked],
    queryFn: ({ signal }) => previewGrant(JSON.parse(asked) as PreviewGrant, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const counted = (one: Count) => `${one.capped ? "≥ " : ""}${formatCount(one.count, language)}`;
  return (
    <section aria-labelledby="grant-effect" aria-live="polite" className={styles.effect}>
      <h3 id="grant-effect">
        <Trans>What it does</Trans>
      </h3>
      {error ? <p>{explain(error)}</p> : null}
      {data && !error ? (
        <dl>
          <dt>{t`Who has the role`}</dt>
          <dd>{data.holders.length === 0 ? t`nobody yet` : namesOf(data.holders.map((one) => one.name))}</dd>
          <dt>{t`Operations it sees now`}</dt>
          <dd>{counted(data.sees_before)}</dd>
          <dt>{t`Then`}</dt>
          <dd>
            {counted(data.sees_after)}
            {data.covers ? (
              <span className={styles.muted}> · {t`this grant is about ${counted(data.covers)}`}</span>
            ) : null}
          </dd>
          {data.gains.length > 0 ? (
            <>
              <dt>{t`May newly`}</dt>
              <dd>{data.gains.map(actWord).join(", ")}</dd>
            </>
          ) : null}
          {data.loses.length > 0 ? (
            <>
              <dt>{t`No longer`}</dt>
              <dd>{data.loses.map(actWord).join(", ")}</dd>
            </>
          ) : null}
        </dl>
      ) : null}
      {data?.waits ? (
        <p>
          <strong>
            <Trans>It takes a second person: it waits above the audit log until another approves.</Trans>
          </strong>
        </p>
      ) : null}
    </section>
  );
}

function namesOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` + ${more}` : ""}`;
}
