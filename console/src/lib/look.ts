import { endLook, startLook } from "~/api/generated/calls";

// Both load the page anew: streams, lists and what was read with other rights must not outlive the change.

/** From now on everything is shown as a role sees it, and nothing can be changed. */
export async function startLooking(role: string): Promise<void> {
  await startLook({ role });
  window.location.assign("/operations");
}

/** The reader's own again, at the role they looked through. */
export async function endLooking(role: string): Promise<void> {
  await endLook();
  window.location.assign(`/roles?role=${encodeURIComponent(role)}`);
}
