import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Scheme } from "~/api/generated/model/scheme";
import type { SignalState } from "~/api/generated/model/signal-state";
import type { WhyNot } from "~/api/generated/model/why-not";
import { kindsOptions } from "~/lib/kinds";
import { useLanguage } from "~/lib/language";
import { textIn, wordFromName } from "~/lib/words";

/** What became of a signal, in a word. */
export function useSignalState(): (state: SignalState) => string {
  const { t } = useLingui();
  return (state) => {
    switch (state) {
      case "received":
        return t`Received`;
      case "parked":
        return t`Parked`;
      case "applied":
        return t`Applied`;
      case "known":
        return t`Nothing new`;
      case "overtaken":
        return t`Overtaken`;
      case "contradicting":
        return t`Contradicting`;
      case "unmapped":
        return t`Not mapped`;
      case "ignored":
        return t`Ignored`;
    }
  };
}

/** Why a signal is where it is; the server's own sentence where it says more. */
export function useSignalWhy(): (why: WhyNot) => string {
  const { t } = useLingui();
  return (why) => {
    switch (why.code) {
      case "no_operation":
        return t`Its operation is not there yet; it is looked for until it is.`;
      case "too_early":
        return t`It tells of a later stage than its operation stands in; it waits for what comes before.`;
      case "out_of_order":
        return t`It came after later reports, and in the provider's own order they contradict each other.`;
      case "order_differs":
        return t`Reports came in another order than the provider's, in which it contradicts none.`;
      case "contradicts_stage":
        return t`Its operation has ended otherwise.`;
      case "amount_differs":
        return t`Its amount is not the operation's.`;
      case "unmapped_code":
        return t`The reason catalogue does not know its code.`;
      case "no_rule":
        return t`The mapping has no rule for such a report.`;
      case "signature_missing":
        return t`No signature`;
      case "signature_wrong":
        return t`Wrong signature`;
      case "too_old":
        return t`Signed more than five minutes ago`;
      case "from_the_future":
        return t`Signed ahead of our clock`;
      case "no_secret":
        return t`The source has no secret yet`;
      default:
        return why.detail;
    }
  };
}

/** How a provider signs. */
export function useSchemeWord(): (scheme: Scheme) => string {
  const { t } = useLingui();
  return (scheme) => {
    switch (scheme) {
      case "stripe":
        return "Stripe";
      case "adyen":
        return "Adyen";
      case "sumsub":
        return "Sumsub";
      case "onfido":
        return "Onfido";
      case "veriff":
        return "Veriff";
      case "standard_webhooks":
        return "Standard Webhooks";
      case "hmac":
        return t`Another HMAC`;
    }
  };
}

/** What the stages and transitions of a kind are called by its latest version. */
export function useKindWords(): (
  kind: string | undefined,
  of: "stages" | "transitions",
  name: string,
) => string {
  const language = useLanguage();
  const { data } = useQuery(kindsOptions);
  return (kind, of, name) => {
    const labels = data?.items.find((one) => one.kind === kind)?.document.labels;
    return textIn(labels?.[of]?.[name], language) ?? wordFromName(name);
  };
}
