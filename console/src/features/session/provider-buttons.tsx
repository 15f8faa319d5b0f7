import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { providersOptions, startAt } from "~/lib/sign-in-providers";
import styles from "./sign-in.module.css";

/** One way in for each provider that is set; nothing where none is. The password stays beside them. */
export function ProviderButtons({ to }: { to: string | undefined }) {
  const { data } = useQuery(providersOptions);
  if (!data || data.items.length === 0) return null;
  return (
    <div className={styles.providers}>
      {data.items.map(({ name, label }) => (
        <Button
          key={name}
          component="a"
          href={startAt(name, to ? { to } : {})}
          variant="default"
          size="md"
          fullWidth
        >
          <Trans>Sign in with {label}</Trans>
        </Button>
      ))}
    </div>
  );
}
