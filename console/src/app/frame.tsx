import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { readVersion } from "~/api/generated/calls";
import { SignInOverlay } from "~/features/session/sign-in-overlay";
import { StepUpOverlay } from "~/features/session/step-up-overlay";
import { useInboxLive } from "~/lib/inbox";
import { asLanguage } from "~/lib/language";
import { usePreferences } from "~/lib/preferences";
import { sessionOptions } from "~/lib/session";
import { Mark } from "~/ui/mark";
import { DeadlinesBanner } from "./deadlines-banner";
import styles from "./frame.module.css";
import { LiveDot } from "./live-dot";
import { LookBanner } from "./look-banner";
import { OfflineBanner, useOnline } from "./offline-banner";
import { Rail } from "./rail";
import { RailDrawer } from "./rail-drawer";
import { SearchField } from "./search-field";
import { useCommandsEverywhere } from "./use-commands-everywhere";
import { useFocusKept } from "./use-focus-kept";
import { UserMenu } from "./user-menu";

const palette = () => import("./palette/palette");
const Palette = lazy(async () => ({ default: (await palette()).Palette }));
const HelpSheet = lazy(async () => ({ default: (await import("./palette/help-sheet")).HelpSheet }));

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
  const [sheet, setSheet] = useState<"palette" | "help" | null>(null);
  useCommandsEverywhere(setSheet);
  useInboxLive();
  const content = useRef<HTMLDivElement>(null);
  useFocusKept(content);

  // Not part of the first load, yet there when it is asked for: the first letters typed belong to its field.
  useEffect(() => {
    const timer = setTimeout(palette, 300);
    return () => clearTimeout(timer);
  }, []);
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
        <RailDrawer version={server?.version ?? null} />
        <Link to="/operations" className={styles.brand} aria-label={t`Viertakt, to the operations`}>
          <Mark size={20} />
          <span className={styles.name}>Viertakt</span>
        </Link>
        <SearchField onOpen={() => setSheet("palette")} />
        <LiveDot />
        {session ? <UserMenu session={session} /> : null}
      </header>
      <Rail version={server?.version ?? null} />
      <div ref={content} id="content" className={styles.content} tabIndex={-1}>
        {session?.look ? <LookBanner look={session.look} /> : null}
        <OfflineBanner online={online} />
        {session ? <DeadlinesBanner manages={session.manages} /> : null}
        <Outlet />
      </div>
      <Suspense>
        {sheet === "palette" ? <Palette onClose={() => setSheet(null)} /> : null}
        {sheet === "help" ? <HelpSheet onClose={() => setSheet(null)} /> : null}
      </Suspense>
      <SignInOverlay />
      <StepUpOverlay />
    </div>
  );
}
