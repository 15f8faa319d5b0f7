import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { onSessionLost } from "~/api/http";
import { useAnnounce } from "~/lib/announce";
import { sessionOptions } from "~/lib/session";
import { Dialog } from "~/ui/dialog";
import { SignInForm } from "./sign-in-form";

/** Asks to sign in again over the page that lost its session: what was being typed under it stays. */
export function SignInOverlay() {
  const { t } = useLingui();
  const [lost, setLost] = useState(false);
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  useEffect(
    () =>
      // A session that was renewed a moment ago refuses what was asked under its earlier secret: that is no lost one.
      onSessionLost(async () => {
        const session = await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 }).catch(() => null);
        if (session === null) setLost(true);
        else queryClient.invalidateQueries({ predicate: ({ state }) => state.status === "error" });
      }),
    [queryClient],
  );
  const goOn = () => {
    setLost(false);
    announce(t`Signed in again. You can go on where you were.`);
    queryClient.invalidateQueries();
  };
  if (!lost) return null;
  return (
    <Dialog title={t`Your session has ended`} size={380} zIndex={500}>
      <p style={{ color: "var(--v-muted)", marginBlockEnd: 16 }}>
        <Trans>Sign in to go on. What you were doing is kept.</Trans>
      </p>
      <SignInForm onSignedIn={goOn} />
    </Dialog>
  );
}
