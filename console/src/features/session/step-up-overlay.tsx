import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { stepUp } from "~/api/generated/calls";
import { onStepUpNeeded } from "~/api/http";
import { isProblem } from "~/api/problem";
import { providersOptions, startAt } from "~/lib/sign-in-providers";
import { CodeInput } from "~/ui/code-input";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./sign-in.module.css";

type Asked = { how: readonly string[]; answer: (proved: boolean) => void };

/** Asks once more who somebody is, over what they were doing; then that goes on by itself, with all that was typed. */
export function StepUpOverlay() {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => onStepUpNeeded((how) => new Promise((resolve) => setAsked({ how, answer: resolve }))), []);
  if (!asked) return null;
  const answer = (proved: boolean) => {
    setAsked(null);
    asked.answer(proved);
  };
  return <StepUpDialog how={asked.how} onProved={() => answer(true)} onClose={() => answer(false)} />;
}

type Props = { how: readonly string[]; onProved: () => void; onClose: () => void };

function StepUpDialog({ how, onProved, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [proof, setProof] = useState("");
  const byCode = how.includes("code");
  const prove = useMutation({
    mutationFn: () => stepUp(byCode ? { code: proof } : { password: proof }, { isProved: true }),
    onSuccess: onProved,
    onError: () => setProof(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!prove.isPending && proof !== "") prove.mutate();
  };
  const wrong = isProblem(prove.error) && prove.error.status === 422;
  return (
    <Dialog title={t`Is it still you?`} size={400} zIndex={450} onClose={onClose}>
      {how.includes("sign_in") ? (
        <AtProvider onClose={onClose} />
      ) : (
        <form onSubmit={submit} className={styles.form} noValidate>
          <p className={styles.explained}>
            <Trans>This step asks you to confirm who you are. What you were doing then goes on.</Trans>
          </p>
          {byCode ? (
            <CodeInput value={proof} onChange={setProof} />
          ) : (
            <PasswordInput
              label={t`Password`}
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              data-autofocus
              visibilityToggleButtonProps={{ "aria-label": t`Show or hide the password`, tabIndex: 0 }}
              value={proof}
              onChange={(event) => setProof(event.currentTarget.value)}
            />
          )}
          {prove.error ? (
            <p role="alert" className={styles.refused}>
              {wrong
                ? byCode
                  ? t`This code is not right, or was used before. Wait for the next one.`
                  : t`This password is not right.`
                : explain(prove.error)}
            </p>
          ) : null}
          <div className={styles.foot}>
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={prove.isPending}>
              <Trans>Confirm</Trans>
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** Who came by a provider proves it there; the page is left, so that is said before. */
function AtProvider({ onClose }: { onClose: () => void }) {
  const { data } = useQuery(providersOptions);
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <div className={styles.form}>
      <p className={styles.explained}>
        <Trans>
          This step asks you to confirm who you are, at the provider you sign in by. You come back to this
          page; what you typed is not kept.
        </Trans>
      </p>
      {data?.items.map(({ name, label }) => (
        <Button
          key={name}
          component="a"
          href={startAt(name, { again: "true", to: here })}
          variant="default"
          fullWidth
        >
          <Trans>Sign in with {label}</Trans>
        </Button>
      ))}
      <div className={styles.foot}>
        <Button variant="default" onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </div>
  );
}
