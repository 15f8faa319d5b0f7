import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signIn } from "~/api/generated/calls";
import { isProblem } from "~/api/problem";
import { useProblemWords } from "~/ui/faces";
import { sessionOptions } from "./session";
import styles from "./sign-in.module.css";

export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({
    mutationFn: () => signIn({ email: email.trim(), password }, { keepsSession: true }),
    onSuccess: (session) => {
      queryClient.setQueryData(sessionOptions.queryKey, session);
      onSignedIn();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!attempt.isPending) attempt.mutate();
  };
  const refused = isProblem(attempt.error) && [401, 403, 422].includes(attempt.error.status);
  return (
    <form onSubmit={submit} className={styles.form} aria-label={t`Sign in`}>
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
      {attempt.error ? (
        <p role="alert" className={styles.refused}>
          {refused ? t`This e-mail and password do not belong together. Try again.` : explain(attempt.error)}
        </p>
      ) : null}
      <Button type="submit" size="md" fullWidth loading={attempt.isPending}>
        <Trans>Sign in</Trans>
      </Button>
    </form>
  );
}
