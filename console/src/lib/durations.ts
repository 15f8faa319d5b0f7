import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { dateFormat } from "./formats";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units: "48 min", "1 d 3 h", "22 h". From three days on the hours say nothing more. */
export function formatDuration(i18n: I18n, milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  const seconds = Math.floor(length / SECOND);
  const minutes = Math.floor(length / MINUTE);
  const hours = Math.floor(length / HOUR);
  const days = Math.floor(length / DAY);
  if (length < MINUTE) return i18n._(msg`${seconds} s`);
  if (length < HOUR) return i18n._(msg`${minutes} min`);
  if (length < DAY) {
    const rest = minutes % 60;
    return hours < 3 && rest > 0 ? i18n._(msg`${hours} h ${rest} min`) : i18n._(msg`${hours} h`);
  }
  const rest = hours % 24;
  return days < 3 && rest > 0 ? i18n._(msg`${days} d ${rest} h`) : i18n._(msg`${days} d`);
}

export type Deadline = { text: string; late: boolean };

/** How long until a deadline, or how long it has passed. */
export function formatDeadline(i18n: I18n, deadlineAt: string, now: number): Deadline {
  const left = Date.parse(deadlineAt) - now;
  const length = formatDuration(i18n, Math.abs(left));
  return left >= 0
    ? { text: i18n._(msg`${length} left`), late: false }
    : { text: i18n._(msg`${length} late`), late: true };
}

/** A moment told from now while it is fresh, by date after a day. */
export function formatMoment(i18n: I18n, at: string, now: number, locale: string): string {
  const age = now - Date.parse(at);
  if (age >= 0 && age < MINUTE) return i18n._(msg`just now`);
  if (age >= 0 && age < DAY) {
    const length = formatDuration(i18n, age);
    return i18n._(msg`${length} ago`);
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateFormat(locale, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(at));
}

/** The exact moment, in the reader's zone and as the journal has it. */
export function formatExactly(at: string, locale: string): string {
  const local = dateFormat(locale, { dateStyle: "full", timeStyle: "long" }).format(new Date(at));
  return `${local}\n${at}`;
}
