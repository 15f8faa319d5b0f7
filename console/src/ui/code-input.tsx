import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";

type Props = {
  value: string;
  onChange: (value: string) => void;
  /** Before an authenticator is in force there are no recovery codes. */
  onlyDigits?: boolean;
  size?: string;
  error?: string | null;
};

/** A code of the authenticator, or a recovery code; it takes the focus, for it is what is asked for next. */
export function CodeInput({ value, onChange, onlyDigits = false, size = "sm", error = null }: Props) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <TextInput
      ref={field}
      label={t`Code`}
      description={
        onlyDigits
          ? t`The six digits that your authenticator app shows now.`
          : t`The six digits of your authenticator app, or a recovery code.`
      }
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      required
      withAsterisk={false}
      maxLength={40}
      size={size}
      error={error}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
