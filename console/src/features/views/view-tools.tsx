import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { View } from "~/api/generated/model/view";
import { isProblem } from "~/api/problem";
import { useAnnounce } from "~/lib/announce";
import { useCopy } from "~/lib/copy";
import { useViewName } from "~/lib/view-names";
import { useProblemWords } from "~/ui/faces";
import { Icon } from "~/ui/icon";
import { useViewGroups } from "./groups";
import { SaveViewDialog } from "./save-view-dialog";
import { type Asked, contentOf, isChanged, useViewActions, viewsOptions } from "./saved-views";
import styles from "./view-tools.module.css";

type Props = {
  view: View | null;
  asked: Asked;
  roles: readonly string[];
  /** Shows this view, as it is kept. */
  onOpen: (view: View) => void;
  onDeleted: (view: View) => void;
};

/** Beside the list: saving it as a view; and of the view that is open its star, what has changed, and what can be done. */
export function ViewTools({ view, asked, roles, onOpen, onDeleted }: Props) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const nameOf = useViewName();
  const { replace, star } = useViewActions();
  const [dialog, setDialog] = useState<"new" | "rename" | null>(null);
  const narrow = useMediaQuery("(max-width: 899px)", undefined, { getInitialValueInEffect: false }) ?? false;
  const name = view ? nameOf(view) : "";
  const changed = view !== null && isChanged(view, asked);

  const save = () => {
    if (!view) return;
    const { audience, role, density } = view;
    const content = contentOf(asked, { name: view.name, audience, role, density });
    replace.mutate(
      { view, content },
      {
        onSuccess: (saved) => {
          announce(t`“${name}” is saved`);
          onOpen(saved);
        },
        onError: (error) =>
          announce(
            isProblem(error, "stale")
              ? t`Somebody else changed “${name}” meanwhile. Look at it again, or save yours as a new view.`
              : explain(error),
          ),
      },
    );
  };

  return (
    <>
      {narrow ? <ViewsMenu opened={view?.id} onOpen={onOpen} /> : null}
      {view && changed ? (
        <div className={styles.changed}>
          <span className={styles.word}>
            <Trans>Changed</Trans>
          </span>
          {view.may_change ? (
            <Button size="xs" variant="default" loading={replace.isPending} onClick={save}>
              <Trans>Save</Trans>
            </Button>
          ) : null}
          <Button size="xs" variant="default" onClick={() => setDialog("new")}>
            <Trans>Save as new</Trans>
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={() => onOpen(view)}>
            <Trans>Revert</Trans>
          </Button>
        </div>
      ) : null}
      {!view && asked.q ? (
        <Button size="xs" variant="default" onClick={() => setDialog("new")}>
          <Trans>Save view</Trans>
        </Button>
      ) : null}
      {view ? (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-pressed={view.starred}
            aria-label={t`Star “${name}”`}
            title={view.starred ? t`Take the star off` : t`Put it on top of my views`}
            onClick={() => star.mutate(view)}
          >
            <Star filled={view.starred} />
          </ActionIcon>
          <ViewMenu view={view} asked={asked} onRename={() => setDialog("rename")} onDeleted={onDeleted} />
        </>
      ) : null}
      {dialog ? (
        <SaveViewDialog
          asked={asked}
          renamed={dialog === "rename" ? view : null}
          roles={roles}
          onClose={() => setDialog(null)}
          onSaved={(saved) => {
            setDialog(null);
            const named = nameOf(saved);
            announce(t`“${named}” is saved`);
            // Renaming keeps what the list shows: it may be changed, and not be saved yet.
            if (dialog === "new") onOpen(saved);
          }}
        />
      ) : null}
    </>
  );
}

type MenuProps = { view: View; asked: Asked; onRename: () => void; onDeleted: (view: View) => void };

function ViewMenu({ view, asked, onRename, onDeleted }: MenuProps) {
  const { t } = useLingui();
  const copy = useCopy();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const name = useViewName()(view);
  const { remove } = useViewActions();
  const link = () => {
    // A colleague can't see what is mine alone: they get the filter itself.
    const search = view.audience === "personal" ? asked : { view: view.id };
    const text = new URLSearchParams(search as Record<string, string>).toString();
    return `${window.location.origin}/operations?${text.replaceAll("%3A", ":").replaceAll("%2C", ",")}`;
  };
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t`More for “${name}”`}>
          <span aria-hidden="true" className={styles.dots}>
            ⋯
          </span>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => copy(link())}>
          <Trans>Copy a link</Trans>
        </Menu.Item>
        {view.may_change ? (
          <>
            <Menu.Item onClick={onRename}>
              <Trans>Rename, or for whom…</Trans>
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                remove.mutate(view, {
                  onSuccess: () => onDeleted(view),
                  onError: (error) => announce(explain(error)),
                })
              }
            >
              <Trans>Delete the view</Trans>
            </Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

type ViewsMenuProps = { opened: string | undefined; onOpen: (view: View) => void };

/** The views where there is no room for the rail. */
function ViewsMenu({ opened, onOpen }: ViewsMenuProps) {
  const nameOf = useViewName();
  const { data } = useQuery(viewsOptions);
  const groups = useViewGroups(data?.items ?? []);
  if (groups.length === 0) return null;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<Icon name="down" size={12} />}>
          <Trans>Views</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        {groups.map((group) => [
          groups.length > 1 ? <Menu.Label key={group.name}>{group.name}</Menu.Label> : null,
          ...group.views.map((view) => (
            <Menu.Item
              key={view.id}
              onClick={() => onOpen(view)}
              aria-current={view.id === opened ? "page" : undefined}
            >
              {nameOf(view)}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}

function Star({ filled }: { filled: boolean }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={16}
      height={16}
      fill={filled ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M8 1.8l1.9 4 4.3.6-3.1 3 .8 4.3L8 11.6l-3.9 2.1.8-4.3-3.1-3 4.300-.6z" />
    </svg>
  );
}
