import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { BulkChoice } from "~/lib/bulk-choice";
import { useTip } from "~/lib/shortcuts/keys";
import styles from "./operations-page.module.css";
import type { Selection } from "./use-selection";

type Props = { q: string; selection: Selection; onBulk: (choice: BulkChoice) => void };

/** What is ticked, and what can be done to all of it. */
export function SelectionBar({ q, selection, onBulk }: Props) {
  const { t } = useLingui();
  const tip = useTip();
  const { choice, count, matching } = selection;
  if (!choice) return null;
  return (
    <section className={styles.selection} aria-label={t`Selection`}>
      <p role="status">
        {matching
          ? t`Everything that matches this filter`
          : plural(count, { one: "# selected", other: "# selected" })}
      </p>
      {q && !matching ? (
        <Button size="xs" variant="default" onClick={selection.match}>
          <Trans>Select everything that matches this filter</Trans>
        </Button>
      ) : null}
      <Button size="xs" title={tip(t`Take a step in bulk`, "bulk")} onClick={() => onBulk(choice)}>
        <Trans>Take a step in bulk…</Trans>
      </Button>
      <Button size="xs" variant="default" onClick={selection.clear}>
        <Trans>Clear the selection</Trans>
      </Button>
    </section>
  );
}
