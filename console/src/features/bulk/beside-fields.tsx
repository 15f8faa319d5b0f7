import { useLingui } from "@lingui/react/macro";
import { NativeSelect, TagsInput, Textarea } from "@mantine/core";
import type { MakeBulk } from "~/api/generated/model/make-bulk";
import { useAssignees } from "~/lib/work";

/** What is done to many that is no step, and what the list of steps calls it. */
export const BESIDE = ["@assign", "@note", "@tag"] as const;
export type Beside = (typeof BESIDE)[number];

export type Work = { to: string; text: string; add: string[]; remove: string[] };
export const NO_WORK: Work = { to: "", text: "", add: [], remove: [] };

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
    case "@tag":
      return work.add.length + work.remove.length > 0
        ? { tag: { add: work.add, remove: work.remove } }
        : undefined;
  }
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
      <TagsInput
        label={t`Put on`}
        maxTags={50}
        value={work.add}
        onChange={(add) => onWork({ ...work, add })}
        error={missing ? t`Say which tags.` : undefined}
      />
      <TagsInput
        label={t`Take off`}
        maxTags={50}
        value={work.remove}
        onChange={(remove) => onWork({ ...work, remove })}
      />
    </>
  );
}
