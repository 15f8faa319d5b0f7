import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";

type Props = {
  open: boolean;
  waits: boolean;
  muted: boolean;
  onDone: () => void;
  onSnooze: () => void;
  onReopen: () => void;
  onMute: () => void;
};

/** What can be done with a group as it stands: done with or not after all, put off or taken up now, muted or heard of again. */
export function GroupActs({ open, waits, muted, onDone, onSnooze, onReopen, onMute }: Props) {
  const { t } = useLingui();
  return (
    <>
      {open ? (
        <Button variant="default" size="xs" onClick={onDone}>
          {t`Done`}
        </Button>
      ) : null}
      {!open || waits ? (
        <Button variant="default" size="xs" onClick={onReopen}>
          {waits ? t`Now` : t`Not done after all`}
        </Button>
      ) : (
        <Button variant="default" size="xs" onClick={onSnooze}>
          {t`Tomorrow`}
        </Button>
      )}
      <Button variant="default" size="xs" onClick={onMute}>
        {muted ? <Trans>Hear of it again</Trans> : t`Mute`}
      </Button>
    </>
  );
}
