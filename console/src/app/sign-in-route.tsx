import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { SignInPage } from "~/features/session/sign-in-page";

export function SignInRoute() {
  const router = useRouter();
  const navigate = useNavigate();
  const { to, refused } = useSearch({ from: "/sign-in" });
  const goOn = () => {
    // Only a path of our own: a link to sign in must not lead elsewhere.
    if (to?.startsWith("/") && !to.startsWith("//")) router.history.replace(to);
    else navigate({ to: "/operations", replace: true });
  };
  return <SignInPage to={to} refused={refused} onSignedIn={goOn} />;
}
