import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { readVersion } from "~/api/generated/calls";
import { sessionOptions } from "~/features/session/session";
import { SignInOverlay } from "~/features/session/sign-in-overlay";
import { useSingleKeys } from "~/lib/keys";
import { asLanguage } from "~/lib/language";
import { usePreferences } from "~/lib/preferences";
import { Mark } from "~/ui/mark";
import styles from "./frame.module.css";
import { OfflineBanner, useOnline } from "./offline-banner";
import { Rail } from "./rail";
import { SearchField } from "./search-field";
import { UserMenu } from "./user-menu";

/** What stands around every page: the rail, the top bar, and the notices that outlive a page. */
export function Frame() {
  const { t } = useLingui();
  const { railFolded, language, prefer } = usePreferences();
  const { data: session } = useQuery(sessionOptions);
  const { data: server } = useQuery({
    queryKey: ["version"],
    queryFn: () => readVersion(),
    staleTime: 600_000,
  });
  const online = useOnline();
  useSingleKeys({ "[": () => prefer({ railFolded: !railFolded }) });

  const personLanguage = asLanguage(session?.language);
  useEffect(() => {
    if (language === null && personLanguage) prefer({ language: personLanguage });
  }, [language, personLanguage, prefer]);

  return (
    <div className={styles.frame} data-folded={railFolded ? "" : undefined}>
      <a href="#content" className={styles.skip}>
        <Trans>Skip to the content</Trans>
      </a>
      <header className={styles.bar}>
        <Link to="/operations" className={styles.brand} aria-label={t`Viertakt, to the operations`}>
          <Mark size={20} />
          <span className={styles.name}>Viertakt</span>
        </Link>
        <SearchField />
        <span
          className={styles.live}
          data-online={online ? "" : undefined}
          title={t`Lists refresh every 10 seconds`}
        >
          <i aria-hidden="true" />
          <span className={styles.liveWord}>{online ? t`live` : t`offline`}</span>
        </span>
        {session ? <UserMenu session={session} /> : null}
      </header>
      <Rail version={server?.version ?? null} />
      <div id="content" className={styles.content} tabIndex={-1}>
        <OfflineBanner online={online} />
        <Outlet />
      </div>
      <SignInOverlay />
    </div>
  );
}
