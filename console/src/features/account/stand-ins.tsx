import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { addDelegation, endDelegation } from "~/api/generated/calls";
import type { Delegation } from "~/api/generated/model/delegation";
import { useAnnounce } from "~/lib/announce";
import { useNow } from "~/lib/clock";
import { colleaguesOptions, useMe } from "~/lib/work";
import { FailedFace } from "~/ui/faces";
import layout from "~/ui/layout.module.css";
import { Moment } from "~/ui/moment";
import styles from "./account.module.css";
import { delegationsOptions } from "./account-query";
import { Refused } from "./refused";

/** Who approves in the reader's name while they are away, and in whose name the reader does. */
export function StandIns() {
  const { data, error, refetch } = useQuery(delegationsOptions);
  return (
    <section aria-labelledby="account-stand-ins" className={styles.section}>
      <h2 id="account-stand-ins" className={layout.band}>
        <Trans>Absence and stand-in</Trans>
      </h2>
      <p className={styles.explained}>
        <Trans>
          Whoever stands in for you gives the approvals that you may give, in your name, until the time you
          say. What you asked for yourself stays with others, and the two of you count as one.
        </Trans>
      </p>
      {data ? (
        data.items.length > 0 ? (
          <ul className={styles.list}>
            {data.items.map((one) => (
              <StandIn key={one.id} delegation={one} />
            ))}
          </ul>
        ) : (
          <p className={styles.muted}>
            <Trans>Nobody stands in for you, and you for nobody.</Trans>
          </p>
        )
      ) : error ? (
        <FailedFace error={error} onRetry={refetch} />
      ) : null}
      <StandInForm />
    </section>
  );
}

function StandIn({ delegation }: { delegation: Delegation }) {
  const { t } = useLingui();
  const now = useNow();
  const me = useMe();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const person = delegation.person.name;
  const other = delegation.stand_in.name;
  const end = useMutation({
    mutationFn: () => endDelegation(delegation.id),
    onSuccess: () => {
      announce(t`${other} no longer stands in for ${person}.`);
      queryClient.invalidateQueries({ queryKey: delegationsOptions.queryKey });
      queryClient.invalidateQueries({ queryKey: ["approvals"] });
    },
  });
  return (
    <li className={styles.item}>
      <div>
        <p>
          {delegation.person.id === me ? (
            <Trans>{other} stands in for you</Trans>
          ) : (
            <Trans>You stand in for {person}</Trans>
          )}
          {delegation.absent ? (
            <>
              {" · "}
              <Trans>away</Trans>
            </>
          ) : null}
        </p>
        <p className={styles.muted}>
          {delegation.in_force ? null : (
            <>
              <Trans>
                from <Moment at={delegation.from_at} now={now} />
              </Trans>{" "}
            </>
          )}
          <Trans>
            until <Moment at={delegation.until_at} now={now} />
          </Trans>
        </p>
        <Refused error={end.error} />
      </div>
      <Button
        variant="default"
        loading={end.isPending}
        aria-label={t`End: ${other} for ${person}`}
        onClick={() => end.mutate()}
      >
        <Trans>End</Trans>
      </Button>
    </li>
  );
}

function StandInForm() {
  const { t } = useLingui();
  const me = useMe();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const { data } = useQuery(colleaguesOptions);
  const [to, setTo] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [absent, setAbsent] = useState(true);
  const add = useMutation({
    mutationFn: () =>
      addDelegation({
        stand_in: to,
        until_at: new Date(until).toISOString(),
        ...(from ? { from_at: new Date(from).toISOString() } : {}),
        absent,
      }),
    onSuccess: (said) => {
      announce(t`${said.stand_in.name} stands in for you.`);
      setTo("");
      setFrom("");
      setUntil("");
      queryClient.invalidateQueries({ queryKey: delegationsOptions.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (to && until && !add.isPending) add.mutate();
  };
  const people = (data?.people ?? []).filter(({ id }) => id !== me);
  return (
    <form onSubmit={submit} className={styles.form}>
      <NativeSelect
        label={t`Stand-in`}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        data={[
          { value: "", label: t`Choose a colleague` },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <TextInput
        type="datetime-local"
        label={t`From (optional)`}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t`Until`}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Checkbox
        label={t`I am away meanwhile`}
        checked={absent}
        onChange={(event) => setAbsent(event.currentTarget.checked)}
      />
      <Refused error={add.error} />
      <div className={styles.row}>
        <Button type="submit" disabled={!to || !until} loading={add.isPending}>
          <Trans>Name a stand-in</Trans>
        </Button>
      </div>
    </form>
  );
}
