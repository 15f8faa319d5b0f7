import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CloseButton } from "@mantine/core";
import { useEffect } from "react";
import type { View } from "~/api/generated/model/view";
import { useAnnounce } from "~/lib/announce";
import { useViewName } from "~/lib/view-names";
import { useProblemWords } from "~/ui/faces";
import styles from "./deleted-view.module.css";
import { askedOf, contentOf, useViewActions } from "./saved-views";

type Props = { view: View; onBack: (view: View) => void; onDismiss: () => void };

const SHOWN_FOR = 30_000;

/** A view was deleted, and can be there again: with its stars, for everybody who had it. */
export function DeletedView({ view, onBack, onDismiss }: Props) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const name = useViewName()(view);
  const { replace } = useViewActions();
  useEffect(() => {
    const timer = setTimeout(onDismiss, SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [onDismiss]);
  const undo = () => {
    const { audience, role, density } = view;
    const content = contentOf(askedOf(view), { name: view.name, audience, role, density });
    replace.mutate(
      // Deleting made a version of its own.
      { view: { ...view, version: view.version + 1 }, content },
      {
        onSuccess: (back) => {
          announce(t`“${name}” is there again`);
          onBack(back);
        },
        onError: (error) => announce(explain(error)),
      },
    );
  };
  return (
    <section className={styles.strip} aria-label={t`Deleted view`}>
      <p role="status">{t`“${name}” is deleted`}</p>
      <Button size="xs" variant="default" loading={replace.isPending} onClick={undo}>
        <Trans>Undo</Trans>
      </Button>
      <CloseButton size={24} aria-label={t`Close`} onClick={onDismiss} />
    </section>
  );
}
