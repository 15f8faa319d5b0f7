import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import type { RoleLook } from "~/api/generated/model/role-look";
import { useLanguage } from "~/lib/language";
import { endLooking } from "~/lib/look";
import { localeOf } from "~/lib/money";
import { useProblemWords } from "~/ui/faces";
import styles from "./look-banner.module.css";

/** Says through whose eyes everything is shown, and is the way out; stands on every page while it lasts. */
export function LookBanner({ look }: { look: RoleLook }) {
  const language = useLanguage();
  const explain = useProblemWords();
  const end = useMutation({ mutationFn: () => endLooking(look.role) });
  useEffect(() => {
    // It ends by itself on the server; what is on the screen then is no longer what the reader may take it for.
    const left = new Date(look.until).getTime() - Date.now();
    const timer = setTimeout(() => window.location.reload(), Math.max(left, 1_000));
    return () => clearTimeout(timer);
  }, [look.until]);
  const role = look.label[language] ?? look.role;
  const until = new Intl.DateTimeFormat(localeOf(language), { hour: "2-digit", minute: "2-digit" }).format(
    new Date(look.until),
  );
  return (
    <div role="status" className={styles.banner}>
      <p>
        <Trans>
          <strong>You look through the eyes of {role}</strong>, until {until}. Nothing can be changed.
        </Trans>
        {end.error ? ` ${explain(end.error)}` : null}
      </p>
      <Button size="compact-md" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
        <Trans>End the look</Trans>
      </Button>
    </div>
  );
}
