/**
 * [Note: Words that nobody has checked]
 * Recovery words are shown once. Whoever closes the window before they have shown that they kept them must not end up with
 * none, so an account is made with a reminder in its keyring, which is there on every device and goes only when the words
 * were typed, here or to recover, or when others were made and checked. The reminder is the public key of the words, which
 * the server has anyway: it lets a device tell the right words from others without asking anybody.
 */

import { type CborValue, equalBytes } from "@excalibur/core/bytes";
import type { Keyring } from "./keyring/crypto.ts";

/** spec/keys.md §4 */
const SETTING = "recovery/unchecked";

/** The settings of an account that is just made. */
export function remindOfWords(recoveryPublicKey: Uint8Array): Map<string, CborValue> {
  return new Map([[SETTING, recoveryPublicKey]]);
}

export function hasWordsReminder({ settings }: Keyring): boolean {
  return settings.has(SETTING);
}

export function isReminderOf({ settings }: Keyring, recoveryPublicKey: Uint8Array): boolean {
  const reminder = settings.get(SETTING);
  return reminder instanceof Uint8Array && equalBytes(reminder, recoveryPublicKey);
}

/** The same object when there is none. */
export function withoutWordsReminder(keyring: Keyring): Keyring {
  if (!hasWordsReminder(keyring)) return keyring;
  const settings = new Map(keyring.settings);
  settings.delete(SETTING);
  return { ...keyring, settings };
}
