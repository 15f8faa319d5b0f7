import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  confirmAuthenticator,
  enrolAuthenticator,
  removeAuthenticator,
  renewRecoveryCodes,
} from "~/api/generated/calls";
import type { Account } from "~/api/generated/model/account";
import type { Enrolment } from "~/api/generated/model/enrolment";
import { useAnnounce } from "~/lib/announce";
import { useNow } from "~/lib/clock";
import { CodeInput } from "~/ui/code-input";
import { CopyButton } from "~/ui/copy-button";
import { Dialog } from "~/ui/dialog";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./account.module.css";
import { RecoveryCodes } from "./recovery-codes";
import { Refused } from "./refused";

/** The second step of signing in: to begin with it, fresh recovery codes, and to end it. */
export function Authenticator({ account }: { account: Account }) {
  const { t } = useLingui();
  const now = useNow();
  const queryClient = useQueryClient();
  const [codes, setCodes] = useState<string[] | null>(null);
  const [removing, setRemoving] = useState(false);
  const renewed = (fresh: string[]) => {
    setCodes(fresh);
    queryClient.invalidateQueries({ queryKey: ["account"] });
    queryClient.invalidateQueries({ queryKey: ["session"] });
  };
  const enrol = useMutation({ mutationFn: () => enrolAuthenticator() });
  const renew = useMutation({
    mutationFn: () => renewRecoveryCodes(),
    onSuccess: (answer) => renewed(answer.codes),
  });
  const since = account.authenticator_since;
  const left = account.recovery_codes_left;
  return (
    <section aria-labelledby="account-authenticator" className={styles.section}>
      <h2 id="account-authenticator" className={layout.band}>
        <Trans>Authenticator app</Trans>
      </h2>
      {codes ? <RecoveryCodes codes={codes} onKept={() => setCodes(null)} /> : null}
      {since ? (
        <>
          <p className={styles.explained}>
            <Trans>
              In use since <Moment at={since} now={now} />. Signing in asks for its code after your password.
            </Trans>{" "}
            {t`Recovery codes left: ${left}.`}
          </p>
          <div className={styles.row}>
            <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
              <Trans>New recovery codes</Trans>
            </Button>
            <Button variant="default" onClick={() => setRemoving(true)}>
              <Trans>Take it out of use</Trans>
            </Button>
          </div>
          <Refused error={renew.error} />
        </>
      ) : enrol.data ? (
        <FirstCode
          enrolment={enrol.data}
          onCancel={enrol.reset}
          onConfirmed={(fresh) => {
            enrol.reset();
            renewed(fresh);
          }}
        />
      ) : (
        <>
          <p className={styles.explained}>
            <Trans>
              An app on your phone that shows a fresh code every half minute. With it a stolen password alone
              opens nothing.
            </Trans>
          </p>
          <Button variant="default" loading={enrol.isPending} onClick={() => enrol.mutate()}>
            <Trans>Set up an authenticator app</Trans>
          </Button>
          <Refused error={enrol.error} />
        </>
      )}
      {removing ? (
        <RemoveDialog hasPassword={account.has_password} onClose={() => setRemoving(false)} />
      ) : null}
    </section>
  );
}

type FirstCodeProps = {
  enrolment: Enrolment;
  onCancel: () => void;
  onConfirmed: (codes: string[]) => void;
};

function FirstCode({ enrolment, onCancel, onConfirmed }: FirstCodeProps) {
  const { t } = useLingui();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => confirmAuthenticator({ code }),
    onSuccess: (answer) => onConfirmed(answer.codes),
    onError: () => setCode(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!confirm.isPending && code !== "") confirm.mutate();
  };
  return (
    <div className={styles.enrol}>
      <img
        className={styles.qr}
        alt={t`QR code of the secret; it stands beside it as text`}
        src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr)}`}
      />
      <form onSubmit={submit} className={styles.form} aria-label={t`First code`} noValidate>
        <p className={styles.explained}>
          <Trans>Read the QR code with your app, or type this secret into it:</Trans>
        </p>
        <p className={styles.secret}>
          <code>{enrolment.secret}</code> <CopyButton value={enrolment.secret} label={t`Copy the secret`} />
        </p>
        <CodeInput value={code} onChange={setCode} onlyDigits />
        <Refused
          error={confirm.error}
          wrong={t`This code is not right. Check the clock of your phone, and take the code that shows now.`}
        />
        <div className={styles.row}>
          <Button type="submit" loading={confirm.isPending}>
            <Trans>Confirm</Trans>
          </Button>
          <Button variant="default" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
        </div>
      </form>
    </div>
  );
}

function RemoveDialog({ hasPassword, onClose }: { hasPassword: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const remove = useMutation({
    mutationFn: () => removeAuthenticator({ code, ...(hasPassword ? { password } : {}) }),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: ["account"] });
      announce(t`The authenticator is out of use.`);
      onClose();
    },
    onError: () => setCode(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!remove.isPending) remove.mutate();
  };
  return (
    <Dialog title={t`Take the authenticator out of use`} size={400} onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <CodeInput value={code} onChange={setCode} />
        {hasPassword ? (
          <PasswordInput
            label={t`Password`}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t`Show or hide the password`, tabIndex: 0 }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        ) : null}
        <Refused error={remove.error} wrong={t`Code or password is not right.`} />
        <div className={styles.row}>
          <Button type="submit" loading={remove.isPending}>
            <Trans>Take it out of use</Trans>
          </Button>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
