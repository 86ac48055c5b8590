import { toHex, utf8Encode } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import type { AccountSession } from "@excalibur/sdk/account";
import type { CachePort } from "@excalibur/sdk/ports";
import type { SealedNotes } from "@excalibur/sdk/upload";

const TABLE = "notes";

/** What an unfinished upload remembers: names hashed, contents sealed by the account. */
export function sealedNotes(account: AccountSession, cache: CachePort): SealedNotes {
  const keyOf = (name: string) => toHex(sha256(utf8Encode(name)));
  return {
    async get(name) {
      const sealed = await cache.get(TABLE, keyOf(name));
      return sealed === undefined ? undefined : account.openLocal(`${TABLE}/${name}`, sealed);
    },
    async put(name, note) {
      const value = await account.sealLocal(`${TABLE}/${name}`, note);
      await cache.write({ puts: [{ table: TABLE, key: keyOf(name), value }] });
    },
    async delete(names) {
      await cache.write({ deletes: names.map((name) => ({ table: TABLE, key: keyOf(name) })) });
    },
  };
}
