import { useLingui } from "@lingui/react/macro";
import { CloseButton, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSingleKeys } from "~/lib/keys";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { valuesOf, withValues } from "~/lib/query-text";
import { textIn, wordFromName } from "~/lib/words";
import styles from "./filter-bar.module.css";

type Props = {
  q: string;
  sort: string | undefined;
  /** Cards have no headers to sort by. */
  withSort: boolean;
  onQuery: (q: string) => void;
  onSort: (sort: string | undefined) => void;
};

export function FilterBar({ q, sort, withSort, onQuery, onSort }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const { data: kinds } = useQuery(kindsOptions);
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  useSingleKeys({ "/": () => field.current?.focus() });

  const apply = (event: FormEvent) => {
    event.preventDefault();
    onQuery(text.trim());
  };
  const chosen = valuesOf(q, "kind");
  const several = chosen.length;
  const kindNames = [...new Map((kinds?.items ?? []).map((one) => [one.kind, one])).values()]
    .map((one) => ({
      value: one.kind,
      label: textIn(one.document.label, language) ?? wordFromName(one.kind),
    }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
  return (
    <search className={styles.bar}>
      <NativeSelect
        aria-label={t`Type`}
        size="xs"
        className={styles.kind}
        value={chosen.length > 1 ? chosen.join(",") : (chosen[0] ?? "")}
        onChange={(event) =>
          onQuery(withValues(q, "kind", event.currentTarget.value ? [event.currentTarget.value] : []))
        }
        data={[
          { value: "", label: t`All types` },
          ...(chosen.length > 1 ? [{ value: chosen.join(","), label: t`${several} types` }] : []),
          ...kindNames,
        ]}
      />
      {withSort ? (
        <NativeSelect
          aria-label={t`Order`}
          size="xs"
          value={sort ?? "-created_at"}
          onChange={(event) => onSort(event.currentTarget.value)}
          data={[
            { value: "-created_at", label: t`Newest first` },
            { value: "created_at", label: t`Oldest first` },
            { value: "deadline_at", label: t`First deadline first` },
          ]}
        />
      ) : null}
      <form onSubmit={apply} className={styles.form}>
        <input
          ref={field}
          className={styles.field}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            setText(q);
            event.currentTarget.blur();
          }}
          placeholder={t`Filter, for example: waiting_on:operator amount>=500EUR created>-7d`}
          aria-label={t`Filter`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        {text ? (
          <CloseButton
            size={24}
            aria-label={t`Clear the filter`}
            onClick={() => {
              setText("");
              onQuery("");
              field.current?.focus();
            }}
          />
        ) : (
          <kbd>/</kbd>
        )}
      </form>
    </search>
  );
}
