import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { addSourceSecret, dropSourceSecret } from "~/api/generated/calls";
import type { Source } from "~/api/generated/model/source";
import { useAnnounce } from "~/lib/announce";
import { useNow } from "~/lib/clock";
import { Dialog } from "~/ui/dialog";
import { Moment } from "~/ui/moment";
import { RefusedList } from "./refused-list";
import styles from "./signals.module.css";

type Change = { add: string } | { drop: string };

/** The secrets that are believed: several while one is replaced; none is ever shown again. */
export function SecretsDialog({ source, onClose }: { source: Source; onClose: () => void }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const now = useNow();
  const [secret, setSecret] = useState("");
  const change = useMutation({
    mutationFn: (wanted: Change) =>
      "add" in wanted
        ? addSourceSecret(source.name, { secret: wanted.add })
        : dropSourceSecret(source.name, wanted.drop),
    onSuccess: async (_, wanted) => {
      await queryClient.invalidateQueries({ queryKey: ["signals"] });
      setSecret("");
      announce("add" in wanted ? t`The secret is kept, sealed` : t`The secret is believed no more`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change.isPending && secret) change.mutate({ add: secret.trim() });
  };
  return (
    <Dialog title={t`Secrets of ${source.name}`} size={520} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <p>
          <Trans>
            Paste the secret as the provider shows it. To replace one, add the new one, change it at the
            provider, then remove the old one.
          </Trans>
        </p>
        <ul className={styles.states}>
          {source.secrets.map((one, n) => (
            <li key={one.id}>
              {t`Secret ${n + 1}`}, <Moment at={one.added_at} now={now} />{" "}
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t`Remove secret ${n + 1}`}
                onClick={() => change.mutate({ drop: one.id })}
              >
                <Trans>Remove</Trans>
              </Button>
            </li>
          ))}
        </ul>
        <PasswordInput
          label={t`Another secret`}
          autoComplete="off"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t`Show what is typed` }}
          data-autofocus
        />
        {change.error ? <RefusedList error={change.error} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!secret}>
            <Trans>Add</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
