import { ActionIcon, Tooltip } from "@mantine/core";
import { useCopy } from "~/lib/copy";
import { Icon } from "./icon";

export function CopyButton({ value, label }: { value: string; label: string }) {
  const copy = useCopy();
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={() => copy(value)}>
        <Icon name="copy" size={14} />
      </ActionIcon>
    </Tooltip>
  );
}
