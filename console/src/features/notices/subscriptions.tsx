import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { NoticeEvent } from "~/api/generated/model/notice-event";
import type { Pace } from "~/api/generated/model/pace";
import { useAnnounce } from "~/lib/announce";
import { sessionOptions } from "~/lib/session";
import { useProblemWords } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { useEventWord } from "./notice-words";
import { PaceSelect } from "./pace-select";
import styles from "./settings-page.module.css";
import { subscriptionsOptions, useEndSubscription, useSubscribe } from "./settings-query";

const EVENTS = ["gained", "moved", "opened", "breach", "contradiction"] as const satisfies NoticeEvent[];

/** What the reader hears of because it fits a filter of theirs. */
export function Subscriptions() {
  const { t } = useLingui();
  const event = useEventWord();
  const explain = useProblemWords();
  const { data: session } = useQuery(sessionOptions);
  const { data } = useQuery(subscriptionsOptions);
  const end = useEndSubscription();
  const own = (data?.items ?? []).filter(
    (one) => one.subscriber === session?.actor.id && (one.query || one.stages.length > 0),
  );
  return (
    <section aria-labelledby="notices-subscriptions" className={styles.section}>
      <h2 id="notices-subscriptions" className={layout.band}>
        <Trans>Filters of my own</Trans>
      </h2>
      {own.length > 0 ? (
        <ul className={styles.list} aria-labelledby="notices-subscriptions">
          {own.map((one) => (
            <li key={one.id} className={styles.item}>
              <span>
                <strong>{event(one.event)}</strong> ·{" "}
                <code>{[one.query, ...one.stages].filter(Boolean).join(" · ")}</code>
              </span>
              {one.fault ? (
                <span className={styles.muted}>{t`reads no more: ${one.fault.detail}`}</span>
              ) : null}
              <Button variant="default" size="xs" onClick={() => end.mutate(one.id)}>
                <Trans>End</Trans>
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.explained}>
          <Trans>You follow no filter yet.</Trans>
        </p>
      )}
      <SubscribeForm />
      {end.error ? (
        <p role="alert" className={styles.refused}>
          {explain(end.error)}
        </p>
      ) : null}
    </section>
  );
}

function SubscribeForm() {
  const { t } = useLingui();
  const announce = useAnnounce();
  const explain = useProblemWords();
  const word = useEventWord();
  const subscribe = useSubscribe();
  const [name, setName] = useState<NoticeEvent>("gained");
  const [query, setQuery] = useState("");
  const [mail, setMail] = useState<Pace>("off");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!query.trim()) return;
    subscribe.mutate(
      { event: name, query, mail, console: true },
      {
        onSuccess: () => {
          setQuery("");
          announce(t`You follow this filter now.`);
        },
      },
    );
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label={t`Follow a filter`}>
      <TextInput
        label={t`Filter`}
        description={t`As in the list: kind:withdrawal amount>=1000EUR`}
        required
        withAsterisk={false}
        maxLength={2048}
        spellCheck={false}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      <NativeSelect
        label={t`Event`}
        value={name}
        data={EVENTS.map((one) => ({ value: one, label: word(one) }))}
        onChange={(event) => setName(EVENTS.find((one) => one === event.currentTarget.value) ?? "gained")}
      />
      <PaceSelect label={t`By mail`} value={mail} onChange={setMail} />
      {subscribe.error ? (
        <p role="alert" className={styles.refused}>
          {explain(subscribe.error)}
        </p>
      ) : null}
      <Button type="submit" variant="default" loading={subscribe.isPending}>
        <Trans>Follow a filter</Trans>
      </Button>
    </form>
  );
}
