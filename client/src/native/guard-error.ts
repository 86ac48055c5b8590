/**
 * guard_gone: the key store has nothing any more, because a face or a finger was added since, or the app is new here.
 * guard_failed: it recognised nobody, or cannot be used now. The password opens the drive either way.
 */
export class GuardError extends Error {
  readonly code: "guard_gone" | "guard_failed";

  constructor(code: "guard_gone" | "guard_failed", cause: unknown) {
    super("The key store of this device gave nothing back. Nothing was lost; the password opens the drive.", { cause });
    this.code = code;
  }
}
