import { toBase64Url } from "@excalibur/core/bytes";
import { sha256Async } from "@excalibur/core/primitives";
import type { BodyOf, getKeyring, getKeyringHashes, Hash, putKeyring, ReplyOf } from "@excalibur/core/protocol";
import type { LiveSession } from "../../auth/session.ts";
import type { Database } from "../../db/index.ts";
import { findAccount } from "../../db/stores/accounts.ts";
import { findKeyring, listKeyringHashes, replaceKeyring } from "../../db/stores/keyrings.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { decodeKeyring } from "./slots.ts";

/** One answer; the client asks on. */
const HASHES_AT_ONCE = 1_000;

export interface Keyring {
  read(session: LiveSession): Promise<ReplyOf<typeof getKeyring>>;
  hashes(session: LiveSession, after: number): Promise<ReplyOf<typeof getKeyringHashes>>;
  /** Compare-and-swap. @throws Refusal version_conflict with the newest version */
  write(session: LiveSession, body: BodyOf<typeof putKeyring>, transact: Transact): Promise<ReplyOf<typeof putKeyring>>;
}

export function createKeyring({ database, announcer }: { database: Database; announcer: Announcer }): Keyring {
  return {
    read: async ({ userId }) => {
      const found = await findKeyring(database.read, userId);
      if (!found) throw new Refusal("not_found");
      return { version: found.version, generation: found.generation, sealed: toBase64Url(found.sealed) };
    },

    hashes: async ({ userId }, after) => {
      const hashes = await listKeyringHashes(database.read, userId, { after, limit: HASHES_AT_ONCE });
      return { hashes: hashes.map((hash) => toBase64Url(hash) as Hash) };
    },

    write: async ({ userId, userIdText }, { expectedVersion, generation, sealed }, transact) => {
      const bytes = decodeKeyring(sealed);
      const hash = await sha256Async(bytes);
      const version = expectedVersion + 1;
      const reply = await transact(async (tx) => {
        const newest = await findKeyring(tx, userId);
        const account = await findAccount(tx, userId);
        if (!newest || !account) throw new Refusal("not_found");
        if (newest.version !== expectedVersion) throw new Refusal("version_conflict", { version: newest.version });
        if (account.ak_generation !== generation) throw new Refusal("record_invalid", { reason: "generation" });
        await replaceKeyring(tx, { user_id: userId, version, generation, sealed: bytes }, hash);
        return { version };
      });
      announcer.announce({ type: "keyring", userId: userIdText, version: reply.version });
      return reply;
    },
  };
}
