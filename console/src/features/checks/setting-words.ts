import { useLingui } from "@lingui/react/macro";
import type { CheckSetting } from "~/api/generated/model/check-setting";

/** What is set for a check, in words; null where it is as the kind says. */
export function useSettingWords(): (setting: CheckSetting) => string | null {
  const { t } = useLingui();
  return (setting) => {
    const bound = setting.at_most;
    const blocked = Object.entries(setting.block ?? {}).flatMap(([field, values]) =>
      values.map((value) => `${field}=${value}`),
    );
    const list = blocked.join(", ");
    const told = [
      setting.off ? t`left out` : null,
      bound === null || bound === undefined ? null : t`at most ${bound}`,
      blocked.length > 0 ? t`blocked: ${list}` : null,
    ].filter(Boolean);
    return told.length > 0 ? told.join(" · ") : null;
  };
}

/** The lines of a block list as a person writes them, `field=value`; what is no such line is left to the server to refuse. */
export function blockOf(text: string): Record<string, string[]> {
  const block: Record<string, string[]> = {};
  for (const line of text.split("\n")) {
    const written = line.trim();
    if (!written) continue;
    const sign = written.indexOf("=");
    const field = sign < 0 ? written : written.slice(0, sign).trim();
    const values = block[field] ?? [];
    values.push(sign < 0 ? "" : written.slice(sign + 1).trim());
    block[field] = values;
  }
  return block;
}

export function linesOf(block: CheckSetting["block"]): string {
  return Object.entries(block ?? {})
    .flatMap(([field, values]) => values.map((value) => `${field}=${value}`))
    .join("\n");
}

/** A bound as it is sent: a whole number of a count, an amount of a sum; none where nothing is written. */
export function boundOf(text: string): number | string | null {
  const written = text.trim();
  if (!written) return null;
  return /^[0-9]{1,10}$/.test(written) ? Number(written) : written;
}
