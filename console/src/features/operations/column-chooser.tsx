import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTip } from "~/lib/shortcuts/keys";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { Icon } from "~/ui/icon";
import styles from "./column-chooser.module.css";
import { type Column, type ColumnChoice, DEFAULT_COLUMNS } from "./columns";

type Props = { choice: ColumnChoice; onColumns: (ids: readonly string[] | null) => void };

/** Which columns the table shows, and in which order: by dragging or with the buttons. */
export function ColumnChooser({ choice, onColumns }: Props) {
  const { t } = useLingui();
  const tip = useTip();
  const [opened, setOpened] = useState(false);
  const [sought, setSought] = useState("");
  useShortcuts({ columns: () => setOpened(true) });
  const shown = choice.columns.map((column) => column.id);
  const fits = (column: Column) =>
    `${column.name} ${column.id}`.toLowerCase().includes(sought.trim().toLowerCase());
  const put = (ids: readonly string[]) => onColumns(ids.join() === DEFAULT_COLUMNS.join() ? null : ids);
  const others = choice.all.filter((column) => !shown.includes(column.id) && fits(column));
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
      shadow="md"
      radius={9}
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          aria-expanded={opened}
          title={tip(t`Choose columns`, "columns")}
          onClick={() => setOpened(!opened)}
        >
          <Trans>Columns</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.chooser} aria-label={t`Columns`}>
        <TextInput
          size="xs"
          aria-label={t`Find a column`}
          placeholder={t`Find a column`}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.lists}>
          <Shown columns={choice.columns} fits={fits} onPut={put} />
          {others.length > 0 ? (
            <ul aria-label={t`Not shown`} className={styles.others}>
              {others.map((column) => (
                <li key={column.id} className={styles.line}>
                  <Checkbox
                    size="xs"
                    label={column.name}
                    checked={false}
                    onChange={() => put([...shown, column.id])}
                  />
                </li>
              ))}
            </ul>
          ) : null}
        </div>
        <p className={styles.note}>
          <Trans>
            The list can be put in order by Created and Deadline. No index gives another order: it would read
            everything to show fifty rows.
          </Trans>
        </p>
        <Button variant="default" size="xs" disabled={choice.isDefault} onClick={() => onColumns(null)}>
          <Trans>Back to the usual columns</Trans>
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

type ShownProps = {
  columns: readonly Column[];
  fits: (column: Column) => boolean;
  onPut: (ids: readonly string[]) => void;
};

function Shown({ columns, fits, onPut }: ShownProps) {
  const { t } = useLingui();
  const [dragged, setDragged] = useState<string | null>(null);
  const ids = columns.map((column) => column.id);
  const moveTo = (id: string, to: number) => {
    const rest = ids.filter((one) => one !== id);
    onPut([...rest.slice(0, to), id, ...rest.slice(to)]);
  };
  return (
    <ul aria-label={t`Shown`}>
      {columns.map((column, at) =>
        fits(column) ? (
          <li
            key={column.id}
            className={styles.line}
            draggable
            data-dragged={dragged === column.id ? "" : undefined}
            onDragStart={(event: DragEvent) => {
              event.dataTransfer.effectAllowed = "move";
              setDragged(column.id);
            }}
            onDragOver={(event: DragEvent) => {
              event.preventDefault();
              if (dragged && dragged !== column.id) moveTo(dragged, at);
            }}
            onDragEnd={() => setDragged(null)}
          >
            <Checkbox
              size="xs"
              label={column.name}
              checked
              // The number is the way into the operation.
              disabled={column.id === "number"}
              onChange={() => onPut(ids.filter((id) => id !== column.id))}
            />
            <span className={styles.order}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={t`${column.name}: earlier`}
                disabled={at === 0}
                onClick={() => moveTo(column.id, at - 1)}
              >
                <Icon name="up" size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                aria-label={t`${column.name}: later`}
                disabled={at === columns.length - 1}
                onClick={() => moveTo(column.id, at + 1)}
              >
                <Icon name="down" size={14} />
              </ActionIcon>
            </span>
          </li>
        ) : null,
      )}
    </ul>
  );
}
