import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changePassword } from "~/api/generated/calls";
import type { Account } from "~/api/generated/model/account";
import { useAnnounce } from "~/lib/announce";
import layout from "~/ui/layout.module.css";
import styles from "./account.module.css";
import { Refused } from "./refused";

const LENGTH_MIN = 15;

/** Another password; who the reader is, is asked for where that was long ago. */
export function PasswordForm({ account }: { account: Account }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: () => changePassword({ password, ...(account.has_password ? { current } : {}) }),
    onSuccess: () => {
      setCurrent("");
      setPassword("");
      setTried(false);
      queryClient.invalidateQueries({ queryKey: ["account"] });
      announce(t`Your password is changed. You are signed out everywhere else.`);
    },
  });
  const tooShort = password.length < LENGTH_MIN;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!tooShort && !change.isPending) change.mutate();
  };
  return (
    <section aria-labelledby="account-password" className={styles.section}>
      <h2 id="account-password" className={layout.band}>
        <Trans>Password</Trans>
      </h2>
      <form onSubmit={submit} className={styles.form} aria-labelledby="account-password" noValidate>
        {/* Password managers look for whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={account.email} readOnly />
        {account.has_password ? (
          <PasswordInput
            label={t`Current password`}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t`Show or hide the password`, tabIndex: 0 }}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        ) : null}
        <PasswordInput
          label={account.has_password ? t`New password` : t`Password`}
          description={t`At least ${LENGTH_MIN} characters; several words will do.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the password`, tabIndex: 0 }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={tried && tooShort ? t`This password is too short.` : null}
        />
        <Refused error={change.error} />
        <div className={styles.row}>
          <Button type="submit" variant="default" loading={change.isPending}>
            {account.has_password ? t`Change the password` : t`Set a password`}
          </Button>
        </div>
      </form>
    </section>
  );
}
