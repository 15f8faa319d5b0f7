import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { SaveView } from "~/api/generated/model/save-view";
import type { View } from "~/api/generated/model/view";
import { usePreferences } from "~/lib/preferences";
import { ROLE_NAMES, useRoleName } from "~/lib/roles";
import { useViewName } from "~/lib/view-names";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./save-view-dialog.module.css";
import { type Asked, askedOf, contentOf, useViewActions } from "./saved-views";

type Props = {
  /** What the list shows, for a new view; a view that is renamed keeps what it has. */
  asked: Asked;
  renamed: View | null;
  roles: readonly string[];
  onSaved: (view: View) => void;
  onClose: () => void;
};

/** A name, and for whom: of a new view, or of one that is there. */
export function SaveViewDialog({ asked, renamed, roles, onSaved, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const nameOf = useViewName();
  const { density } = usePreferences();
  const { create, replace } = useViewActions();
  const [name, setName] = useState(renamed ? nameOf(renamed) : "");
  const [audience, setAudience] = useState(renamed ? codeOf(renamed) : "personal");
  const [withDensity, setWithDensity] = useState(renamed?.density != null);
  const [tried, setTried] = useState(false);
  const choices = useAudiences(roles);
  const save = renamed ? replace : create;
  const missing = name.trim() === "";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing || save.isPending) return;
    const content = contentOf(renamed ? askedOf(renamed) : asked, {
      name: name.trim(),
      ...audienceOf(audience),
      ...(withDensity ? { density: renamed?.density ?? density } : {}),
    });
    if (renamed) replace.mutate({ view: renamed, content }, { onSuccess: onSaved });
    else create.mutate(content, { onSuccess: onSaved });
  };

  return (
    <Dialog title={renamed ? t`Change the view` : t`Save as a view`} size={460} onClose={onClose}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <TextInput
          label={t`Name`}
          value={name}
          maxLength={200}
          required
          withAsterisk={false}
          error={tried && missing ? t`Give it a name` : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          label={t`For`}
          value={audience}
          data={choices}
          onChange={(event) => setAudience(event.currentTarget.value)}
        />
        <Checkbox
          label={t`Keep the row height as well`}
          checked={withDensity}
          onChange={(event) => setWithDensity(event.currentTarget.checked)}
        />
        <p className={styles.note}>
          <Trans>
            It keeps the filter, the order and the columns. What somebody finds in it depends on what they may
            see.
          </Trans>
        </p>
        {save.error ? (
          <p role="alert" className={styles.refused}>
            {explain(save.error)}
          </p>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={save.isPending}>
            {renamed ? t`Save` : t`Save the view`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Oneself, the teams one belongs to, and for administrators everyone. */
function useAudiences(roles: readonly string[]): { value: string; label: string }[] {
  const { t } = useLingui();
  const roleName = useRoleName();
  const isAdmin = roles.includes("admin");
  const teams = isAdmin ? ROLE_NAMES : roles;
  return [
    { value: "personal", label: t`Only me` },
    ...teams.map((role) => {
      const team = roleName(role);
      return { value: `team:${role}`, label: t`Team: ${team}` };
    }),
    ...(isAdmin ? [{ value: "everyone", label: t`Everyone` }] : []),
  ];
}

function codeOf(view: View): string {
  return view.audience === "team" ? `team:${view.role}` : view.audience;
}

function audienceOf(code: string): Pick<SaveView, "audience" | "role"> {
  if (code === "everyone" || code === "personal") return { audience: code };
  return { audience: "team", role: code.slice("team:".length) };
}
