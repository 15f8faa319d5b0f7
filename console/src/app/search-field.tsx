import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { listOperations } from "~/api/generated/calls";
import { useAnnounce } from "~/lib/announce";
import { useProblemWords } from "~/ui/faces";
import { Icon } from "~/ui/icon";
import styles from "./search-field.module.css";

const OPERATION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Goes straight to the one operation that is meant, and to the filtered list where there are more. */
export function SearchField() {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  const search = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    if (!wanted) return;
    if (OPERATION_ID.test(wanted)) {
      await navigate({ to: "/operations/$id", params: { id: wanted } });
    } else {
      try {
        const page = await queryClient.fetchQuery({
          queryKey: ["search", wanted],
          queryFn: () => listOperations({ q: wanted, limit: 2 }),
          staleTime: 0,
        });
        const [only, another] = page.items;
        if (only && !another) await navigate({ to: "/operations/$id", params: { id: only.id } });
        else await navigate({ to: "/operations", search: { q: wanted } });
      } catch (error) {
        announce(explain(error));
        return;
      }
    }
    setText("");
    field.current?.blur();
  };

  return (
    <search className={styles.search}>
      <form onSubmit={search}>
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={t`Find an operation by number, subject or id`}
          aria-label={t`Find an operation by number, subject or id`}
          autoComplete="off"
          spellCheck={false}
        />
        <kbd>Ctrl K</kbd>
      </form>
    </search>
  );
}
