import { useLingui } from "@lingui/react/macro";
import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { MakeBulk } from "~/api/generated/model/make-bulk";
import { useAssignees } from "~/lib/work";

/** What is done to many that is no step, and what the list of steps calls it. */
export const BESIDE = ["@assign", "@note", "@tag"] as const;
export type Beside = (typeof BESIDE)[number];

/** As it is typed: tags with commas between them. */
export type Work = { to: string; text: string; add: string; remove: string };
export const NO_WORK: Work = { to: "", text: "", add: "", remove: "" };

export function isBeside(what: string): what is Beside {
  return (BESIDE as readonly string[]).includes(what);
}

export function useBesideWord(): (what: Beside) => string {
  const { t } = useLingui();
  return (what) =>
    ({ "@assign": t`Assign`, "@note": t`Write a note`, "@tag": t`Put tags on, take tags off` })[what];
}

/** The part of the request that says so; nothing while something is missing. */
export function workOf(what: Beside, work: Work): Partial<MakeBulk> | undefined {
  switch (what) {
    case "@assign":
      return { assign: work.to ? { to: work.to } : {} };
    case "@note":
      return work.text.trim() ? { note: { text: work.text.trim() } } : undefined;
    case "@tag": {
      const [add, remove] = [tagsIn(work.add), tagsIn(work.remove)];
      return add.length + remove.length > 0 ? { tag: { add, remove } } : undefined;
    }
  }
}

function tagsIn(text: string): string[] {
  return text
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
}

type Props = { what: Beside; work: Work; onWork: (work: Work) => void; tried: boolean };

export function BesideFields({ what, work, onWork, tried }: Props) {
  const { t } = useLingui();
  const { lines } = useAssignees();
  const missing = tried && !workOf(what, work);
  if (what === "@assign")
    return (
      <NativeSelect
        label={t`To`}
        value={work.to}
        onChange={(event) => onWork({ ...work, to: event.currentTarget.value })}
        data={lines}
      />
    );
  if (what === "@note")
    return (
      <Textarea
        label={t`Note`}
        required
        rows={3}
        maxLength={10_000}
        value={work.text}
        onChange={(event) => onWork({ ...work, text: event.currentTarget.value })}
        error={missing ? t`Write what each is to say.` : undefined}
      />
    );
  return (
    <>
      <TextInput
        label={t`Put on`}
        description={t`Several with commas between them`}
        value={work.add}
        onChange={(event) => onWork({ ...work, add: event.currentTarget.value })}
        error={missing ? t`Say which tags.` : undefined}
      />
      <TextInput
        label={t`Take off`}
        value={work.remove}
        onChange={(event) => onWork({ ...work, remove: event.currentTarget.value })}
      />
    </>
  );
}
