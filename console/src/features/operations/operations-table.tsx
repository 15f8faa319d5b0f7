import { useLingui } from "@lingui/react/macro";
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useRef,
  useState,
} from "react";
import type { OperationAtWork } from "~/api/generated/model/operation-at-work";
import { useCopy } from "~/lib/copy";
import type { KindWords } from "~/lib/kinds";
import { lastVisited, visit } from "~/lib/operation-list";
import { usePreferences } from "~/lib/preferences";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import type { Column } from "./columns";
import { classOf, OperationRow } from "./operation-row";
import styles from "./operations-table.module.css";
import { SortHeader } from "./sort-header";
import { usePointed } from "./use-pointed";
import { useRowWindow } from "./use-row-window";
import type { Selection } from "./use-selection";

type Props = {
  /** Which list this is: it is another with every filter and order. */
  list: string;
  rows: readonly OperationAtWork[];
  /** There are more than are loaded. */
  more: boolean;
  columns: readonly Column[];
  selection: Selection | undefined;
  gone: ReadonlySet<string>;
  flashing: ReadonlySet<string>;
  now: number;
  sort: string | undefined;
  opened: string | undefined;
  wordsFor: (operation: OperationAtWork) => KindWords;
  onSort: (sort: string) => void;
  onOnly: (field: string, code: string) => void;
  onExclude: (field: string, code: string) => void;
  onShow: (id: string) => void;
  onClose: () => void;
};

export function OperationsTable(props: Props) {
  const { list, rows, more, columns, selection, gone, flashing, now, sort, opened, wordsFor } = props;
  const { t } = useLingui();
  const { density } = usePreferences();
  const body = useRef<HTMLTableSectionElement>(null);
  const wantsFocus = useRef<string | null>(null);
  const [current, setCurrent] = useState(() => opened ?? lastVisited());
  const [known, setKnown] = useState(list);
  if (list !== known) {
    // Another filter or order begins at its top, wherever the reader was.
    setKnown(list);
    setCurrent(opened ?? null);
  }
  const { pointed, ...pointing } = usePointed();
  const drawn = useRowWindow(rows.length, body, density);
  // Another list is drawn as far as the screen reaches, and the rest of it right after.
  const first = rows[0]?.id;
  const screenful = useDeferredValue(first) === first ? rows.length : Math.ceil(window.innerHeight / 40);
  const to = Math.min(drawn.to, drawn.from + screenful);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === current),
  );

  const stand = (id: string) => {
    setCurrent(id);
    visit(id);
  };
  // Next and previous beside the list move the mark in it.
  useEffect(() => {
    if (opened) setCurrent(opened);
  }, [opened]);
  const focusRow = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    stand(row.id);
    drawn.reveal(rows.indexOf(row));
    const link = linkOf(body.current, row.id);
    if (link) link.focus();
    else wantsFocus.current = row.id;
    if (opened) props.onShow(row.id);
  };
  const copy = useCopy();
  const marked = rows[at];
  useShortcuts({
    ...(marked
      ? {
          copyNumber: () => copy(marked.reference),
          copyLink: () => copy(`${window.location.origin}/operations/${marked.id}`),
          ...(selection ? { selectRow: () => selection.toggle(marked.id) } : {}),
        }
      : {}),
    nextRow: () => focusRow(isInside(body.current) || opened ? at + 1 : at),
    previousRow: () => focusRow(isInside(body.current) || opened ? at - 1 : at),
  });
  useEffect(() => {
    // On the page as a whole the focus is nobody's: it was left there when what had it went.
    const now = document.activeElement;
    if (now === document.body || now?.id === "content") wantsFocus.current = lastVisited();
  }, []);
  useEffect(() => {
    // A row that was out of sight has its link only now.
    const link = wantsFocus.current ? linkOf(body.current, wantsFocus.current) : null;
    if (!link) return;
    wantsFocus.current = null;
    link.focus();
  });

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") focusRow(at + 1);
    else if (event.key === "ArrowUp") focusRow(at - 1);
    else if (event.key === "ArrowRight") step(event, 1);
    else if (event.key === "ArrowLeft") step(event, -1);
    else if (event.key === "Enter" && event.target instanceof HTMLSpanElement) act(event.target, "only");
    else if (
      event.key === "Escape" &&
      event.target instanceof Element &&
      event.target.closest("[data-field]")
    )
      linkOf(body.current, current ?? "")?.focus();
    else if (event.key === "Escape" && opened) props.onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const act = (target: Element, how: string) => {
    const value = target.closest<HTMLElement>("[data-field]");
    const { field, code } = value?.dataset ?? {};
    if (!field || code === undefined) return;
    if (how === "only") props.onOnly(field, code);
    else props.onExclude(field, code);
  };
  const click = (event: MouseEvent) => {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-act]");
    if (target.closest("[data-tick]")) return;
    const id = target.closest<HTMLElement>("tr")?.dataset.id;
    if (button) act(button, button.dataset.act ?? "");
    else if (id) show(event, id);
  };
  const show = (event: MouseEvent, id: string) => {
    stand(id);
    // A link keeps its own ways: new tab, new window, and Enter for the full page.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0 || event.detail === 0) return;
    if (window.getSelection()?.toString()) return;
    event.preventDefault();
    linkOf(body.current, id)?.focus({ preventScroll: true });
    props.onShow(id);
  };

  const toggle = useRef<(id: string) => void>(() => undefined);
  toggle.current = (id) => selection?.toggle(id);
  // The same for every row and every time, so that a tick draws its own row again and no other.
  const tick = useCallback((id: string) => toggle.current(id), []);
  const wide = columns.length + (selection ? 1 : 0);

  return (
    <div
      className={styles.holder}
      data-narrowed={opened ? "" : undefined}
      data-wide={columns.length > WIDE_ABOVE ? "" : undefined}
    >
      <table className={styles.table} aria-label={t`Operations`} aria-rowcount={more ? -1 : rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {selection ? (
              <th scope="col" className={styles.tick}>
                <TickAll rows={rows} selection={selection} />
              </th>
            ) : null}
            {columns.map((column) => (
              <SortHeader
                key={column.id}
                column={column}
                className={classOf(column)}
                sort={sort}
                onSort={props.onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody
          ref={body}
          onKeyDown={press}
          onClick={click}
          {...pointing}
          onFocus={(event) => {
            pointing.onFocus(event);
            const id = event.target.closest<HTMLElement>("tr")?.dataset.id;
            if (id) stand(id);
          }}
        >
          <Room rows={drawn.from} height={drawn.rowHeight} columns={wide} />
          {rows.slice(drawn.from, to).map((row, index) => (
            <OperationRow
              key={row.id}
              row={row}
              index={drawn.from + index}
              columns={columns}
              words={wordsFor(row)}
              now={now}
              gone={gone.has(row.id)}
              flashes={flashing.has(row.id)}
              opened={row.id === opened}
              reachable={drawn.from + index === at}
              ticked={selection ? selection.has(row.id) : null}
              onTick={tick}
              pointed={pointed?.id === row.id ? pointed.field : null}
            />
          ))}
          <Room rows={rows.length - to} height={drawn.rowHeight} columns={wide} />
        </tbody>
      </table>
    </div>
  );
}

function TickAll({ rows, selection }: { rows: readonly OperationAtWork[]; selection: Selection }) {
  const { t } = useLingui();
  const all = rows.length > 0 && rows.every((row) => selection.has(row.id));
  return (
    <input
      type="checkbox"
      aria-label={t`Select all that are shown`}
      checked={all}
      ref={(box) => {
        if (box) box.indeterminate = !all && selection.count > 0;
      }}
      onChange={() => selection.page(!all)}
    />
  );
}

// More columns than usually fit: the table scrolls sideways by itself.
const WIDE_ABOVE = 8;

/** The room of the rows that are not drawn. */
function Room({ rows, height, columns }: { rows: number; height: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr>
      <td colSpan={columns} style={{ height: rows * height, padding: 0, border: 0 }} />
    </tr>
  );
}

/** From value to value within the row, and to the tools that stand at them. */
function step(event: KeyboardEvent, by: 1 | -1): void {
  const row = (event.target as Element).closest("tr");
  const places = [...(row?.querySelectorAll<HTMLElement>("a, [data-field], [data-act]") ?? [])];
  places[places.indexOf(event.target as HTMLElement) + by]?.focus();
}

function linkOf(body: HTMLElement | null, id: string): HTMLAnchorElement | null {
  return body?.querySelector<HTMLAnchorElement>(`tr[data-id="${CSS.escape(id)}"] a`) ?? null;
}

function isInside(body: HTMLElement | null): boolean {
  return body?.contains(document.activeElement) ?? false;
}
