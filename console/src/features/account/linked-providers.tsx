import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { unlinkIdentity } from "~/api/generated/calls";
import type { Account } from "~/api/generated/model/account";
import type { LinkedIdentity } from "~/api/generated/model/linked-identity";
import { useNow } from "~/lib/clock";
import { providersOptions, startAt } from "~/lib/sign-in-providers";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./account.module.css";
import { Refused } from "./refused";

/** The providers by which the reader signs in, and those that could be linked; nothing where none is set. */
export function LinkedProviders({ account }: { account: Account }) {
  const { data } = useQuery(providersOptions);
  const linked = account.identities;
  const others = (data?.items ?? []).filter((one) => !linked.some(({ issuer }) => issuer === one.issuer));
  if (linked.length === 0 && others.length === 0) return null;
  return (
    <section aria-labelledby="account-providers" className={styles.section}>
      <h2 id="account-providers" className={layout.band}>
        <Trans>Sign in by a provider</Trans>
      </h2>
      {linked.length > 0 ? (
        <ul className={styles.list}>
          {linked.map((one) => (
            <Linked
              key={one.issuer}
              identity={one}
              label={data?.items.find(({ issuer }) => issuer === one.issuer)?.label ?? one.issuer}
            />
          ))}
        </ul>
      ) : null}
      <div className={styles.row}>
        {others.map(({ name, label }) => (
          <Button key={name} component="a" href={startAt(name, { link: "true" })} variant="default">
            <Trans>Link {label}</Trans>
          </Button>
        ))}
      </div>
    </section>
  );
}

function Linked({ identity, label }: { identity: LinkedIdentity; label: string }) {
  const { t } = useLingui();
  const now = useNow();
  const queryClient = useQueryClient();
  const unlink = useMutation({
    mutationFn: () => unlinkIdentity({ issuer: identity.issuer }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["account"] }),
  });
  return (
    <li className={styles.item}>
      <div>
        <p>{label}</p>
        <p className={styles.muted}>
          <Trans>
            Last used <Moment at={identity.used_at} now={now} />
          </Trans>
        </p>
        <Refused error={unlink.error} />
      </div>
      <Button
        variant="default"
        loading={unlink.isPending}
        aria-label={t`Unlink ${label}`}
        onClick={() => unlink.mutate()}
      >
        <Trans>Unlink</Trans>
      </Button>
    </li>
  );
}
