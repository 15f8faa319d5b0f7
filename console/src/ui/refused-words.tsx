import { useLingui } from "@lingui/react/macro";

/** Why a provider's answer opened nothing, by the code that stands in the address. */
export function useRefusedWords(): (code: string) => string {
  const { t } = useLingui();
  return (code) => {
    switch (code) {
      case "unknown":
        return t`Nobody here signs in by this account. Sign in with your password, then link it on your account page.`;
      case "no_group":
        return t`Your groups at the provider give you no role here. An administrator can help.`;
      case "no_email":
        return t`The provider tells no verified e-mail address.`;
      case "email_taken":
        return t`Somebody signs in with this e-mail address already. If it is you, sign in as before and link the provider on your account page.`;
      case "conflict":
        return t`Somebody else signs in by this account already.`;
      case "declined":
        return t`The provider did not sign you in.`;
      case "step_up_required":
        return t`Sign in anew before you link a provider.`;
      case "unavailable":
        return t`The provider does not answer. Try again, or sign in with your password.`;
      default:
        return t`Signing in by the provider did not work. Begin again.`;
    }
  };
}
