import { beforeEach, describe, expect, it, vi } from "vitest";
import { guardStore } from "../platform-web.ts";
import type { GuardStore } from "../types.ts";
import { openGuardStore } from "./guard.ts";

/** The phone: what it can recognise, what its key store holds, and how it answers. */
const phone = vi.hoisted(() => ({
  available: { isAvailable: true, authenticationStrength: 1 },
  kept: undefined as { value: string } | undefined,
  asked: [] as object[],
  refusal: undefined as string | undefined,
}));

vi.mock("@capgo/capacitor-native-biometric", async (original) => {
  const { AccessControl, AuthenticationStrength, BiometricAuthError } =
    await original<typeof import("@capgo/capacitor-native-biometric")>();
  const answer = (options: object): void => {
    phone.asked.push(options);
    if (phone.refusal !== undefined) throw Object.assign(new Error("no"), { code: phone.refusal });
  };
  const NativeBiometric = {
    isAvailable: async () => phone.available,
    setData: async ({ value, ...options }: { value: string }) => {
      answer(options);
      phone.kept = { value };
    },
    getSecureData: async (options: object) => {
      answer(options);
      return phone.kept;
    },
    deleteData: async () => {
      phone.kept = undefined;
    },
  };
  return { AccessControl, AuthenticationStrength, BiometricAuthError, NativeBiometric };
});

const WORDS = { title: "Unlock", cancel: "Not now" };
const store = async (): Promise<GuardStore> => (await openGuardStore()) as GuardStore;

beforeEach(() => {
  phone.available = { isAvailable: true, authenticationStrength: 1 };
  phone.kept = undefined;
  phone.asked = [];
  phone.refusal = undefined;
});

describe("the key store of a phone", () => {
  it("gives back what it keeps after it has recognised somebody, each time, and never to a face or finger added later", async () => {
    expect(await (await store()).keep("a secret", WORDS)).toBe(true);
    expect(await (await store()).take(WORDS)).toBe("a secret");
    const [kept, taken] = phone.asked;
    // BIOMETRY_CURRENT_SET, for no time at all.
    expect(kept).toMatchObject({ accessControl: 1, authValidityDuration: 0, title: "Unlock" });
    expect(taken).toMatchObject({ title: "Unlock", reason: "Unlock", negativeButtonText: "Not now" });
    await (await store()).drop();
    expect(phone.kept).toBeUndefined();
  });

  it("is none where nobody is recognised, or only weakly", async () => {
    phone.available = { isAvailable: false, authenticationStrength: 0 };
    expect(await openGuardStore()).toBeUndefined();
    phone.available = { isAvailable: true, authenticationStrength: 2 };
    expect(await openGuardStore()).toBeUndefined();
  });

  it("is nothing to speak of when a person puts the question away", async () => {
    for (const code of ["16", "17", "15", "11"]) {
      phone.refusal = code;
      expect(await (await store()).keep("a secret", WORDS)).toBeUndefined();
      expect(await (await store()).take(WORDS)).toBeUndefined();
    }
    expect(phone.kept).toBeUndefined();
  });

  it("says whether what it kept is gone, or whether it cannot be used now", async () => {
    phone.refusal = "21";
    await expect((await store()).take(WORDS)).rejects.toMatchObject({ code: "guard_gone" });
    for (const code of ["2", "10", "0"]) {
      phone.refusal = code;
      await expect((await store()).take(WORDS)).rejects.toMatchObject({ code: "guard_failed" });
    }
  });

  it("is none in a browser", async () => {
    expect(await guardStore()).toBeUndefined();
  });
});
