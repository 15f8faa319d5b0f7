import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { countOperations } from "~/api/generated/calls";
import { zone } from "~/lib/clock";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { termsOf, withoutTerm } from "~/lib/query-text";
import { Face } from "~/ui/faces";
import styles from "~/ui/query-faces.module.css";

const TERMS_TRIED_MAX = 4;

/** Nothing fits the filter: which term to drop, and how many operations that would give. */
export function NoResultFace({ q, onQuery }: { q: string; onQuery: (q: string) => void }) {
  const { t } = useLingui();
  const language = useLanguage();
  const terms = termsOf(q).slice(0, TERMS_TRIED_MAX);
  const counts = useQueries({
    queries: terms.map((term) => ({
      queryKey: ["counts", withoutTerm(q, term)],
      queryFn: () => countOperations({ q: withoutTerm(q, term), by: "status", zone: zone() }),
      retry: false,
      staleTime: 30_000,
    })),
  });
  return (
    <Face title={t`No operation fits this filter`}>
      <p>
        <Trans>Leave out a term:</Trans>
      </p>
      <ul className={styles.terms}>
        {terms.map((term, index) => {
          const items = counts[index]?.data?.items;
          const found = items?.reduce((sum, item) => sum + item.count, 0);
          const count = found === undefined ? null : formatCount(found, language);
          return (
            <li key={term}>
              <Button variant="default" size="xs" onClick={() => onQuery(withoutTerm(q, term))}>
                <s>
                  <code>{term}</code>
                </s>
                {count === null ? null : <span className={styles.gives}>{t`gives ${count}`}</span>}
              </Button>
            </li>
          );
        })}
        <li>
          <Button variant="default" size="xs" onClick={() => onQuery("")}>
            <Trans>Clear the filter</Trans>
          </Button>
        </li>
      </ul>
    </Face>
  );
}
