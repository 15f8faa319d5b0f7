import { useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import type { Operation } from "~/api/generated/model/operation";
import { askedOf, viewsOptions } from "~/features/views/saved-views";
import { useWordsFor } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { formatMoney } from "~/lib/money";
import { useBindings } from "~/lib/shortcuts/shortcuts";
import { useViewName } from "~/lib/view-names";
import { StatusChip } from "~/ui/status-chip";
import { isCalled, useCommands } from "./commands";
import { foundOptions } from "./find-operations";
import styles from "./palette.module.css";

type Item = { key: string; face: ReactNode; end: ReactNode; run: () => void };
type Group = { name: string; items: Item[] };

const RECENT = 4;

/** What the palette offers for a text, by group; `asking` until the operations for it are known. */
export function useGroups(sought: string, onClose: () => void) {
  const { t } = useLingui();
  const language = useLanguage();
  const navigate = useNavigate();
  const bindings = useBindings();
  const settled = useSettledText(sought);
  const found = useQuery(foundOptions(settled));
  const recent = useRecent();
  const operations = !sought ? recent : settled === sought ? (found.data ?? []) : [];
  const wordsFor = useWordsFor(operations);
  const commands = useCommands(sought);
  const views = useQuery(viewsOptions).data?.items ?? [];
  const nameOf = useViewName();
  const closing = (act: () => void) => () => {
    onClose();
    // The focus goes back first, so that what the command opens may take it.
    setTimeout(act, 0);
  };
  const groups: Group[] = [
    {
      name: sought ? t`Operations` : t`Read last`,
      items: operations.map((one) => ({
        key: one.id,
        face: (
          <>
            <StatusChip status={one.status} />
            <span>{wordsFor(one).kind}</span>
            <code>{one.reference}</code>
            <span className={styles.subject}>{one.subject}</span>
          </>
        ),
        end: one.amount ? formatMoney(one.amount, language) : null,
        run: closing(() => void navigate({ to: "/operations/$id", params: { id: one.id } })),
      })),
    },
    {
      name: t`Commands`,
      items: commands.map((command) => ({
        key: command.name,
        face: <span>{command.label}</span>,
        end: command.keys ? <kbd>{command.keys}</kbd> : null,
        run: closing(() => bindings.run(command.name)),
      })),
    },
    {
      name: t`Views`,
      items: views
        .filter((view) => isCalled(`${nameOf(view)} ${t`View`} view weergave`, sought))
        .map((view) => ({
          key: view.id,
          face: <span>{nameOf(view)}</span>,
          end: null,
          run: closing(
            () => void navigate({ to: "/operations", search: { ...askedOf(view), view: view.id } }),
          ),
        })),
    },
    {
      name: t`Filter`,
      items: sought
        ? [
            {
              key: "filter",
              face: (
                <>
                  <span>{t`Filter the list on`}</span> <code>{sought}</code>
                </>
              ),
              end: null,
              run: closing(() => void navigate({ to: "/operations", search: { q: sought } })),
            },
          ]
        : [],
    },
  ];
  const asking = sought.length > 1 && (settled !== sought || found.isFetching);
  return {
    groups: groups.filter((group) => group.items.length > 0),
    asking,
    failed: settled === sought ? found.error : null,
  };
}

/** The operations read last, the newest first. */
function useRecent(): Operation[] {
  const queryClient = useQueryClient();
  const [recent] = useState(() =>
    queryClient
      .getQueryCache()
      .findAll({ queryKey: ["operation"] })
      .filter((one) => one.state.data !== undefined)
      .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
      .slice(0, RECENT)
      .map((one) => one.state.data as Operation),
  );
  return recent;
}

function useSettledText(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 110);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
