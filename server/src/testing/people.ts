import { type Bytes, toBase64Url } from "@excalibur/core/bytes";
import { signIdentity, type VerifiedIdentity, verifyIdentity } from "@excalibur/core/identity";
import { kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import type { Database } from "../db/index.ts";

/** Somebody with an identity, as a client would make it. */
export interface TestPerson {
  readonly name: string;
  readonly userId: Bytes;
  readonly signatureSeed: Bytes;
  readonly identity: VerifiedIdentity;
}

export async function newPerson(name: string): Promise<TestPerson> {
  const userId = randomBytes(16);
  const signatureSeed = randomBytes(32);
  const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
  const record = signIdentity({ userId, signatureSeed, sealingKey, createdMs: 1_700_000_000_000, name });
  return personFrom(name, { userId, signatureSeed, record });
}

/** The same person again, from what was kept of them. */
export function personFrom(
  name: string,
  { userId, signatureSeed, record }: { readonly userId: Bytes; readonly signatureSeed: Bytes; readonly record: Bytes },
): TestPerson {
  return { name, userId, signatureSeed, identity: verifyIdentity(record) };
}

/** Rows of an account without a way to sign in: for tests of services. */
export async function insertPerson(
  database: Database,
  person: TestPerson,
  { quotaBytes = null }: { readonly quotaBytes?: number | null } = {},
): Promise<void> {
  await database.write(async (tx) => {
    await tx
      .insertInto("accounts")
      .values({
        user_id: person.userId,
        name: person.name,
        admin: 0,
        disabled: 0,
        created_ms: 1,
        quota_bytes: quotaBytes,
        used_bytes: 0,
        opaque_record: new Uint8Array(1),
        ak_generation: 0,
        recovery_public_key: new Uint8Array(32),
        home_volume_id: new Uint8Array(16),
        sign_up_hash: new Uint8Array(32),
      })
      .execute();
    await tx
      .insertInto("identities")
      .values({
        user_id: person.userId,
        sequence: 0,
        record: person.identity.bytes,
        fingerprint: person.identity.fingerprint,
      })
      .execute();
  });
}

/** A name nobody else of this run has. */
export function freshName(): string {
  return `p-${toBase64Url(randomBytes(9)).toLowerCase()}`;
}
