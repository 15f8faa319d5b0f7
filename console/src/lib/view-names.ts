import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { View } from "~/api/generated/model/view";

const BUILTIN = {
  overdue: msg`Overdue`,
  waiting_on_us: msg`Waiting on us`,
  errors_last_day: msg`Errors of the last day`,
  large_withdrawals: msg`Large withdrawals`,
  stuck: msg`Stuck`,
} as const;

/** A view's name; those of the product's own views in the reader's language. */
export function useViewName(): (view: Pick<View, "name" | "builtin">) => string {
  const { i18n } = useLingui();
  return (view) => {
    const own =
      view.builtin && view.builtin in BUILTIN ? BUILTIN[view.builtin as keyof typeof BUILTIN] : null;
    return own ? i18n._(own) : view.name;
  };
}
