import { useLingui } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
import { usePreferences } from "~/lib/preferences";
import { textOf } from "~/lib/shortcuts/keys";
import { type Group, isCharacterKey, SHORTCUT_NAMES, shortcutOf } from "~/lib/shortcuts/registry";
import { Dialog } from "~/ui/dialog";
import styles from "./help-sheet.module.css";

const GROUPS: readonly Group[] = ["everywhere", "go", "list", "operation", "show"];

/** Every key there is, from the registry that binds them. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const { singleKeys, prefer } = usePreferences();
  const nameOf: Record<Group, string> = {
    everywhere: t`Everywhere`,
    go: t`Go to`,
    list: t`In the list`,
    operation: t`At an operation`,
    show: t`Display`,
  };
  return (
    <Dialog title={t`Keyboard shortcuts`} size={720} onClose={onClose}>
      <div className={styles.groups}>
        {GROUPS.map((group) => {
          const names = SHORTCUT_NAMES.filter((name) => {
            const shortcut = shortcutOf(name);
            return shortcut.group === group && shortcut.keys.length > 0;
          });
          return names.length === 0 ? null : (
            <section key={group} className={styles.group}>
              <h3>{nameOf[group]}</h3>
              <dl>
                {names.map((name) => (
                  <div key={name} className={styles.line}>
                    <dt>{i18n._(shortcutOf(name).label)}</dt>
                    <dd>
                      {shortcutOf(name).keys.map((keys) => (
                        <kbd key={keys} data-off={!singleKeys && isCharacterKey(keys) ? "" : undefined}>
                          {textOf(keys)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
                {group === "list" ? <RowKeys /> : null}
              </dl>
            </section>
          );
        })}
      </div>
      <div className={styles.foot}>
        <Switch
          label={t`Single-key shortcuts`}
          description={t`Off: only keys with Ctrl, the arrows, Enter and Esc do something.`}
          checked={singleKeys}
          onChange={(event) => prefer({ singleKeys: event.currentTarget.checked })}
          size="sm"
        />
      </div>
    </Dialog>
  );
}

/** What the rows themselves answer to, as rows do everywhere. */
function RowKeys() {
  const { t } = useLingui();
  const keys = [
    [t`Open the operation`, "Enter"],
    [t`To the values of a row`, "→ ←"],
  ] as const;
  return keys.map(([label, shown]) => (
    <div key={shown} className={styles.line}>
      <dt>{label}</dt>
      <dd>
        <kbd>{shown}</kbd>
      </dd>
    </div>
  ));
}
