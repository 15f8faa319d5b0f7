import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { askCheckSetting } from "~/api/generated/calls";
import type { DeclaredCheck } from "~/api/generated/model/declared-check";
import { wordFromName } from "~/lib/words";
import { Dialog } from "~/ui/dialog";
import { useProblemWords } from "~/ui/faces";
import styles from "./checks.module.css";
import { useCheckChange } from "./checks-queries";
import { blockOf, boundOf, linesOf } from "./setting-words";

type Props = { check: DeclaredCheck; onClose: () => void };

/** Another setting of a check is asked for, with a reason; a second person approves it. */
export function SettingDialog({ check, onClose }: Props) {
  const { t } = useLingui();
  const explain = useProblemWords();
  const [bound, setBound] = useState(`${check.setting.at_most ?? ""}`);
  const [block, setBlock] = useState(linesOf(check.setting.block));
  const [off, setOff] = useState(check.setting.off ?? false);
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const missing = asked && !reason.trim();
  const name = wordFromName(check.check);
  const ask = useCheckChange(
    () =>
      askCheckSetting({
        kind: check.kind,
        check: check.check,
        setting: { at_most: boundOf(bound), block: blockOf(block), off },
        reason: reason.trim(),
      }),
    () => t`It waits for a second person`,
    onClose,
  );
  const counts = check.sort === "count" || check.sort === "sum";
  return (
    <Dialog title={t`Set ${name}`} size={560} onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          setAsked(true);
          if (reason.trim() && !ask.isPending) ask.mutate(undefined);
        }}
      >
        {counts ? (
          <TextInput
            label={t`At most`}
            description={t`The kind says ${check.at_most}; empty leaves it so.`}
            data-autofocus
            maxLength={60}
            value={bound}
            onChange={(event) => setBound(event.currentTarget.value)}
          />
        ) : null}
        <Textarea
          label={t`Block list`}
          description={t`One a line, such as subject=player-7. What is on it does not pass.`}
          autosize
          minRows={3}
          maxRows={10}
          {...(counts ? {} : { "data-autofocus": true })}
          value={block}
          onChange={(event) => setBlock(event.currentTarget.value)}
        />
        <Checkbox
          label={t`Leave this check out`}
          checked={off}
          onChange={(event) => setOff(event.currentTarget.checked)}
        />
        <TextInput
          label={t`Reason`}
          required
          maxLength={1000}
          value={reason}
          error={missing ? t`Say why: whoever approves it reads this.` : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {ask.error ? (
          <p role="alert" className={styles.refused}>
            {explain(ask.error)}
          </p>
        ) : null}
        <div className={styles.foot}>
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" loading={ask.isPending}>
            <Trans>Ask for it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
