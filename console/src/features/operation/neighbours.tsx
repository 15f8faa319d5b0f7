import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Tooltip } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAnnounce } from "~/lib/announce";
import { useLanguage } from "~/lib/language";
import { formatCount } from "~/lib/money";
import { listOptions, rememberedList, uniqueById } from "~/lib/operation-list";
import { useTip } from "~/lib/shortcuts/keys";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Icon } from "~/ui/icon";
import styles from "./neighbours.module.css";

type Props = { id: string; onShow: (id: string) => void };

/** The way to the next and the previous operation of the list that was read last; nothing where it is in none. */
export function Neighbours({ id, onShow }: Props) {
  const { t } = useLingui();
  const tip = useTip();
  const announce = useAnnounce();
  const language = useLanguage();
  const [asked] = useState(rememberedList);
  const list = useInfiniteQuery({ ...listOptions(asked ?? {}), enabled: asked !== null });
  const rows = uniqueById(list.data?.pages.flatMap((page) => page.items) ?? []);
  const at = rows.findIndex((row) => row.id === id);
  const there = at !== -1;

  const next = async () => {
    const after = rows[at + 1];
    if (after) return onShow(after.id);
    if (!list.hasNextPage) return announce(t`This is the last operation of the list`);
    const more = await list.fetchNextPage();
    const found = uniqueById(more.data?.pages.flatMap((page) => page.items) ?? [])[at + 1];
    if (found) onShow(found.id);
  };
  const previous = () => {
    const before = rows[at - 1];
    if (before) onShow(before.id);
    else announce(t`This is the first operation of the list`);
  };
  useShortcuts(there ? { next, previous } : {});
  if (!there) return null;
  const place = formatCount(at + 1, language);
  const of = `${formatCount(rows.length, language)}${list.hasNextPage ? "+" : ""}`;
  return (
    <>
      <span className={styles.place}>{t`${place} of ${of}`}</span>
      <Tooltip label={tip(t`Previous operation in the list`, "previous")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={t`Previous operation in the list`}
          onClick={previous}
        >
          <Icon name="up" />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={tip(t`Next operation in the list`, "next")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={t`Next operation in the list`}
          onClick={next}
        >
          <Icon name="down" />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
