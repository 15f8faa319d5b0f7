import { useLingui } from "@lingui/react/macro";
import { useAnnounce } from "./announce";

/** Puts a text on the clipboard and says so; where the browser does not allow it, says the text. */
export function useCopy(): (value: string) => Promise<void> {
  const { t } = useLingui();
  const announce = useAnnounce();
  return async (value) => {
    try {
      await navigator.clipboard.writeText(value);
      announce(t`Copied: ${value}`);
    } catch {
      announce(t`The browser did not allow copying. The value is ${value}`);
    }
  };
}
