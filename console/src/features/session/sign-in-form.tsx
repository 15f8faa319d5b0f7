import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signIn } from "~/api/generated/calls";
import { isProblem } from "~/api/problem";
import { sessionOptions } from "~/lib/session";
import { CodeInput } from "~/ui/code-input";
import { useProblemWords } from "~/ui/faces";
import styles from "./sign-in.module.css";

/** Password first; then a code, where the person has an authenticator. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const attempt = useMutation({
    mutationFn: () =>
      signIn({ email: email.trim(), password, ...(asksCode ? { code } : {}) }, { keepsSession: true }),
    onSuccess: (session) => {
      queryClient.setQueryData(sessionOptions.queryKey, session);
      onSignedIn();
    },
    onError: (error) => {
      setCode("");
      setAsksCode(
        isProblem(error, "second_factor_required", "rate_limited") && (asksCode || needsCode(error)),
      );
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!attempt.isPending) attempt.mutate();
  };
  const refused = () => {
    const { error } = attempt;
    if (!error || (needsCode(error) && !(isProblem(error) && error.facts.wrong_code))) return null;
    if (needsCode(error)) return t`This code is not right, or was used before. Wait for the next one.`;
    if (isProblem(error, "rate_limited"))
      return t`Too many failed tries. Wait a moment, longer each time, and try again.`;
    return isProblem(error) && [401, 403, 422].includes(error.status)
      ? t`This e-mail and password do not belong together. Try again.`
      : explain(error);
  };
  const words = refused();
  return (
    <form onSubmit={submit} className={styles.form} aria-label={t`Sign in`}>
      {asksCode ? (
        <CodeInput key="code" value={code} onChange={setCode} size="md" />
      ) : (
        <>
          <TextInput
            label={t`E-mail`}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            data-autofocus
            size="md"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t`Password`}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
            visibilityToggleButtonProps={{ "aria-label": t`Show or hide the password`, tabIndex: 0 }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </>
      )}
      {words ? (
        <p role="alert" className={styles.refused}>
          {words}
        </p>
      ) : null}
      <Button type="submit" size="md" fullWidth loading={attempt.isPending}>
        <Trans>Sign in</Trans>
      </Button>
      {asksCode ? (
        <Button
          variant="subtle"
          color="gray"
          fullWidth
          onClick={() => {
            setAsksCode(false);
            attempt.reset();
          }}
        >
          <Trans>Sign in as somebody else</Trans>
        </Button>
      ) : null}
    </form>
  );
}

function needsCode(error: unknown): boolean {
  return isProblem(error, "second_factor_required");
}
