import { useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import type { Pace } from "~/api/generated/model/pace";

type Props = { label: string; hidden?: boolean; value: Pace; onChange: (pace: Pace) => void };

/** When a mail goes. */
export function PaceSelect({ label, hidden, value, onChange }: Props) {
  const { t } = useLingui();
  const paces: { value: Pace; label: string }[] = [
    { value: "off", label: t`no mail` },
    { value: "at_once", label: t`at once` },
    { value: "hourly", label: t`every hour` },
    { value: "daily", label: t`every day` },
  ];
  return (
    <NativeSelect
      {...(hidden ? { "aria-label": label } : { label })}
      size="xs"
      value={value}
      data={paces}
      onChange={(event) => {
        const chosen = paces.find((pace) => pace.value === event.currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
    />
  );
}
