import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { changeEndpoint, makeEndpoint } from "~/api/generated/calls";
import type { Endpoint } from "~/api/generated/model/endpoint";
import type { EndpointMade } from "~/api/generated/model/endpoint-made";
import type { EndpointSort } from "~/api/generated/model/endpoint-sort";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import { Refused } from "~/ui/refused";
import { entriesOf, GROUPS, type Group, groupsOf } from "./told-of";
import { useChange, useGroupWords } from "./webhook-queries";
import styles from "./webhooks.module.css";

type Props = { endpoint?: Endpoint; onClose: () => void; onMade?: (made: EndpointMade) => void };

/** A new endpoint, or one that is to be another; its address is kept where none is typed. */
export function EndpointDialog({ endpoint, onClose, onMade }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [sort, setSort] = useState<EndpointSort>(endpoint?.sort ?? "webhook");
  const [url, setUrl] = useState("");
  const [name, setName] = useState(endpoint?.name ?? "");
  const [q, setQ] = useState(endpoint?.q ?? "");
  const [alerts, setAlerts] = useState(endpoint?.alerts ?? false);
  const before = endpoint?.entries ?? GROUPS.changes;
  const [groups, setGroups] = useState(groupsOf(before));
  const [stages, setStages] = useState(endpoint?.stages.join(", ") ?? "");
  const make = useChange(makeEndpoint, (answer) => t`${answer.name} is told from now on`, onMade);
  const change = useChange(
    (sent: Parameters<typeof changeEndpoint>[1]) => changeEndpoint(endpoint?.id ?? "", sent),
    (answer) => t`${answer.name} is changed`,
    onClose,
  );
  const error = make.error ?? change.error;
  const busy = make.isPending || change.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const typed = url.trim();
    const wanted = {
      q: q.trim(),
      stages: stages.split(/[\s,]+/).filter(Boolean),
      alerts,
      entries: entriesOf(groups, before),
      ...(name.trim() ? { name: name.trim() } : {}),
    };
    if (endpoint) change.mutate({ ...wanted, ...(typed ? { url: typed } : {}) });
    else make.mutate({ ...wanted, url: typed, sort });
  };
  return (
    <Dialog title={endpoint ? t`Change ${endpoint.name}` : t`Add an endpoint`} size={560} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        {endpoint ? null : (
          <NativeSelect
            label={t`What is there`}
            value={sort}
            onChange={(event) => setSort(event.currentTarget.value as EndpointSort)}
            data={[
              { value: "webhook", label: t`A program, by signed webhook` },
              { value: "slack", label: t`A room in Slack` },
              { value: "teams", label: t`A room in Teams` },
              { value: "apprise", label: t`Another service, through Apprise` },
            ]}
          />
        )}
        <TextInput
          label={t`Address`}
          description={
            endpoint
              ? t`Left empty, it stays ${endpoint.address}.`
              : sort === "apprise"
                ? t`As Apprise writes it, such as discord://….`
                : t`Where to send to, with https://.`
          }
          required={!endpoint}
          data-autofocus
          maxLength={2000}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label={t`Name`}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t`Alerts and incidents`}
          description={t`Every one that its owner may see.`}
          checked={alerts}
          onChange={(event) => setAlerts(event.currentTarget.checked)}
        />
        <ToldOf groups={groups} onChange={setGroups} />
        {groups.size > 0 ? (
          <>
            <TextInput
              label={t`Filter`}
              description={t`A query, such as kind:withdrawal amount>=1000EUR; empty for every operation.`}
              maxLength={2000}
              value={q}
              onChange={(event) => setQ(event.currentTarget.value)}
            />
            <TextInput
              label={t`Only what comes to these stages`}
              description={t`Names, with commas between; empty for every change.`}
              value={stages}
              onChange={(event) => setStages(event.currentTarget.value)}
            />
          </>
        ) : null}
        {error ? <Refused told={explain(error)} /> : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={busy}>
            {endpoint ? t`Save` : t`Add`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type ToldOfProps = { groups: ReadonlySet<Group>; onChange: (groups: ReadonlySet<Group>) => void };

/** Which entries of operations are told. */
function ToldOf({ groups, onChange }: ToldOfProps) {
  const words = useGroupWords();
  const turn = (group: Group, on: boolean) => {
    const next = new Set(groups);
    if (on) next.add(group);
    else next.delete(group);
    onChange(next);
  };
  return (Object.keys(words) as Group[]).map((group) => (
    <Checkbox
      key={group}
      label={words[group]}
      checked={groups.has(group)}
      onChange={(event) => turn(group, event.currentTarget.checked)}
    />
  ));
}
