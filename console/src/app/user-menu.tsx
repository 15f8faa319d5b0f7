import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Popover, SegmentedControl, Switch, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { signOut } from "~/api/generated/calls";
import type { Session } from "~/api/generated/model/session";
import { useLanguage } from "~/lib/language";
import { type Density, usePreferences } from "~/lib/preferences";
import { sessionOptions } from "~/lib/session";
import type { Language } from "~/lib/words";
import { Icon } from "~/ui/icon";
import styles from "./user-menu.module.css";

export function UserMenu({ session }: { session: Session }) {
  const { t } = useLingui();
  const name = session.actor.name;
  const language = useLanguage();
  const { density, singleKeys, prefer } = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState(false);
  const leave = useMutation({
    mutationFn: () => signOut({ keepsSession: true }),
    onSettled: async () => {
      await navigate({ to: "/sign-in" });
      queryClient.clear();
      queryClient.setQueryData(sessionOptions.queryKey, null);
    },
  });
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={288}
      trapFocus
      returnFocus
      shadow="md"
      radius={9}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.person}
          aria-label={t`${name}: settings and sign out`}
          onClick={() => setOpened(!opened)}
        >
          <Icon name="person" />
          <span className={styles.name}>{session.actor.name}</span>
          <Icon name="down" size={12} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu} aria-label={t`Settings`}>
        <div>
          <p className={styles.who}>{session.actor.name}</p>
          <p className={styles.mail}>{session.email}</p>
        </div>
        <Choice<Language>
          label={t`Language`}
          value={language}
          onChange={(value) => prefer({ language: value })}
          options={[
            { value: "nl", label: <span lang="nl">Nederlands</span> },
            { value: "en", label: <span lang="en">English</span> },
          ]}
        />
        <Choice
          label={t`Theme`}
          value={colorScheme}
          onChange={setColorScheme}
          options={[
            { value: "auto", label: t`System` },
            { value: "light", label: t`Light` },
            { value: "dark", label: t`Dark` },
          ]}
        />
        <Choice<Density>
          label={t`Row height`}
          value={density}
          onChange={(value) => prefer({ density: value })}
          options={[
            { value: "compact", label: t`Compact` },
            { value: "normal", label: t`Normal` },
            { value: "wide", label: t`Wide` },
          ]}
        />
        <Switch
          label={t`Single-key shortcuts`}
          checked={singleKeys}
          onChange={(event) => prefer({ singleKeys: event.currentTarget.checked })}
          size="sm"
        />
        <Button
          variant="default"
          fullWidth
          renderRoot={(props) => <Link to="/account" {...props} />}
          onClick={() => setOpened(false)}
        >
          <Trans>My account</Trans>
        </Button>
        <Button variant="default" fullWidth loading={leave.isPending} onClick={() => leave.mutate()}>
          <Trans>Sign out</Trans>
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: { value: Value; label: ReactNode }[];
}) {
  const id = useId();
  return (
    <div>
      <p id={id} className={styles.label}>
        {props.label}
      </p>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        value={props.value}
        onChange={(value) => props.onChange(value as Value)}
        data={props.options}
      />
    </div>
  );
}
