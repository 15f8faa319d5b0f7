import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Tooltip } from "@mantine/core";
import { useAnnounce } from "~/lib/announce";
import { Icon } from "./icon";

export function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      announce(t`Copied: ${value}`);
    } catch {
      announce(t`The browser did not allow copying. The value is ${value}`);
    }
  };
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={copy}>
        <Icon name="copy" size={14} />
      </ActionIcon>
    </Tooltip>
  );
}
