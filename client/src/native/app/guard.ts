import {
  AccessControl,
  AuthenticationStrength,
  BiometricAuthError,
  NativeBiometric,
} from "@capgo/capacitor-native-biometric";
import { GuardError } from "../guard-error.ts";
import type { GuardStore } from "../types.ts";

const KEY = "excalibur.guard";
/** A person, or the system, put the question away: that is no failure. */
const CANCELLED: readonly BiometricAuthError[] = [
  BiometricAuthError.USER_CANCEL,
  BiometricAuthError.USER_FALLBACK,
  BiometricAuthError.SYSTEM_CANCEL,
  BiometricAuthError.APP_CANCEL,
];

/**
 * [Note: Face and fingerprint]
 * What unlocks the drive beside the password lies in the system's key store, under a key of its own that the hardware uses
 * only after it has recognised a face or a finger, once for each time. It is worthless as soon as somebody adds another face
 * or finger: whoever can unlock the phone must not let themselves in by that. Nothing here is a question whose answer a
 * program could forge: without the hardware's consent the secret cannot be read at all.
 */
export async function openGuardStore(): Promise<GuardStore | undefined> {
  const { isAvailable, authenticationStrength } = await NativeBiometric.isAvailable({ useFallback: false });
  // What the system itself calls weak opens no keys.
  if (!isAvailable || authenticationStrength !== AuthenticationStrength.STRONG) return undefined;
  return {
    keep: (secret, words) =>
      unlessCancelled(async () => {
        const prompt = { title: words.title, negativeButtonText: words.cancel };
        const accessControl = AccessControl.BIOMETRY_CURRENT_SET;
        await NativeBiometric.setData({ key: KEY, value: secret, accessControl, authValidityDuration: 0, ...prompt });
        return true as const;
      }),
    take: (words) =>
      unlessCancelled(async () => {
        const prompt = { title: words.title, reason: words.title, negativeButtonText: words.cancel };
        return (await NativeBiometric.getSecureData({ key: KEY, ...prompt })).value;
      }),
    drop: () => NativeBiometric.deleteData({ key: KEY }),
  };
}

async function unlessCancelled<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = Number((error as { readonly code?: unknown }).code);
    if (CANCELLED.includes(code)) return undefined;
    throw new GuardError(
      code === BiometricAuthError.NO_PROTECTED_CREDENTIALS_FOUND ? "guard_gone" : "guard_failed",
      error,
    );
  }
}
