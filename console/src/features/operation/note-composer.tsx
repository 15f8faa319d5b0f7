import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useRef } from "react";
import { writeNote } from "~/api/generated/calls";
import { useAnnounce } from "~/lib/announce";
import { newKey } from "~/lib/request-key";
import { useShortcuts } from "~/lib/shortcuts/shortcuts";
import { colleaguesOptions } from "~/lib/work";
import { useProblemWords } from "~/ui/faces";
import styles from "./note-composer.module.css";

const CALLED = /(?:^|\s)@([\p{L}\p{N} .'-]{0,40})$/u;
const OFFERED_MAX = 5;

type Props = { id: string; draft: string; onDraft: (draft: string) => void };

/** A note for colleagues; `@` before a name calls somebody. */
export function NoteComposer({ id, draft, onDraft }: Props) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const queryClient = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const lastTry = useRef<{ text: string; key: string } | null>(null);
  const note = useMutation({
    mutationFn: (text: string) => {
      // Sent again after a lost answer, it keeps its key: it is never written twice.
      if (lastTry.current?.text !== text) lastTry.current = { text, key: newKey() };
      return writeNote(id, { text }, { headers: { "Idempotency-Key": lastTry.current.key } });
    },
    onSuccess: (entry) => {
      lastTry.current = null;
      onDraft("");
      queryClient.invalidateQueries({ queryKey: ["history", id] });
      const called = entry.about.map((one) => one.name).join(", ");
      announce(called ? t`Noted; ${called} is called` : t`Noted`);
    },
  });
  useShortcuts({ note: () => field.current?.focus() });
  const send = () => {
    if (draft.trim() && !note.isPending) note.mutate(draft.trim());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const sendByKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  const call = (name: string) => {
    onDraft(draft.replace(CALLED, (found) => `${found.slice(0, found.indexOf("@"))}@${name} `));
    field.current?.focus();
  };
  return (
    <form className={styles.composer} onSubmit={submit} onKeyDown={sendByKey}>
      <Textarea
        ref={field}
        label={t`Note`}
        placeholder={t`@name calls a colleague`}
        rows={2}
        maxLength={10_000}
        value={draft}
        onChange={(event) => onDraft(event.currentTarget.value)}
      />
      <Offered draft={draft} onCall={call} />
      {note.error ? (
        <p role="alert" className={styles.refused}>
          {explain(note.error)}
        </p>
      ) : null}
      <div className={styles.foot}>
        <span className={styles.hint}>
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
        <Button type="submit" variant="default" size="xs" loading={note.isPending} disabled={!draft.trim()}>
          <Trans>Add note</Trans>
        </Button>
      </div>
    </form>
  );
}

/** Who may be meant by what is being typed. */
function Offered({ draft, onCall }: { draft: string; onCall: (name: string) => void }) {
  const { t } = useLingui();
  const begun = draft.match(CALLED)?.[1]?.toLowerCase();
  const { data } = useQuery({ ...colleaguesOptions, enabled: begun !== undefined });
  if (begun === undefined) return null;
  const names = (data?.people ?? []).map((one) => one.name);
  const offered = names.filter((name) => name.toLowerCase().startsWith(begun)).slice(0, OFFERED_MAX);
  if (offered.length === 0) return null;
  return (
    <ul className={styles.offered} aria-label={t`Colleagues to call`}>
      {offered.map((name) => (
        <li key={name}>
          <Button variant="default" size="compact-xs" onClick={() => onCall(name)}>
            @{name}
          </Button>
        </li>
      ))}
    </ul>
  );
}
