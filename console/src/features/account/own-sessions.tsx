import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endOtherSessions, endOwnSession } from "~/api/generated/calls";
import type { AccountSession } from "~/api/generated/model/account-session";
import { useAnnounce } from "~/lib/announce";
import { useNow } from "~/lib/clock";
import { programOf } from "~/lib/program-of";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./account.module.css";
import { ownSessionsOptions } from "./account-query";
import { Refused } from "./refused";

/** Where the reader is signed in; one or all others end here. */
export function OwnSessions() {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(ownSessionsOptions);
  const renew = () => queryClient.invalidateQueries({ queryKey: ownSessionsOptions.queryKey });
  const endOthers = useMutation({
    mutationFn: () => endOtherSessions(),
    onSuccess: () => {
      announce(t`You are signed out everywhere else.`);
      renew();
    },
  });
  const others = data?.items.filter((one) => !one.current) ?? [];
  return (
    <section aria-labelledby="account-sessions" className={styles.section}>
      <h2 id="account-sessions" className={layout.band}>
        <Trans>Where you are signed in</Trans>
      </h2>
      {data ? (
        <ul className={styles.list}>
          {data.items.map((one) => (
            <OwnSession key={one.id} session={one} onEnded={renew} />
          ))}
        </ul>
      ) : error ? (
        <FailedFace error={error} onRetry={refetch} />
      ) : null}
      {others.length > 0 ? (
        <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
          <Trans>Sign out everywhere else</Trans>
        </Button>
      ) : null}
      <Refused error={endOthers.error} />
    </section>
  );
}

function OwnSession({ session, onEnded }: { session: AccountSession; onEnded: () => void }) {
  const { t } = useLingui();
  const now = useNow();
  const end = useMutation({ mutationFn: () => endOwnSession(session.id), onSuccess: onEnded });
  const program = programOf(session.client) ?? t`Unknown program`;
  const address = session.address ?? t`unknown address`;
  return (
    <li className={styles.item}>
      <div>
        <p>
          {program} · {address}
        </p>
        <p className={styles.muted}>
          {session.current ? (
            <strong>
              <Trans>This session</Trans>
            </strong>
          ) : (
            <Trans>
              Last seen <Moment at={session.seen_at} now={now} />
            </Trans>
          )}
          {" · "}
          <Trans>
            since <Moment at={session.started_at} now={now} />
          </Trans>
        </p>
        <Refused error={end.error} />
      </div>
      {session.current ? null : (
        <Button
          variant="default"
          loading={end.isPending}
          aria-label={t`Sign out ${program}, ${address}`}
          onClick={() => end.mutate()}
        >
          <Trans>Sign out</Trans>
        </Button>
      )}
    </li>
  );
}
