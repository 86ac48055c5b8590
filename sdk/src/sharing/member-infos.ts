import { equalBytes, toHex } from "@excalibur/core/bytes";
import type { Volume } from "../volumes/index.ts";
import { fingerprintDigits } from "./crypto.ts";
import { type CarryContext, ledInto } from "./inside/index.ts";
import type { People } from "./people.ts";
import type { MemberInfo } from "./types.ts";

export interface ReadingMembers {
  readonly people: People;
  /** Walks the history for what each of them signed last. */
  readonly wrote?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Who is in a volume, since when and by whom, and who has answered. */
export async function readMembers(
  { account, api, volumes }: CarryContext,
  volume: Volume,
  { people, wrote = false, signal }: ReadingMembers,
): Promise<MemberInfo[]> {
  await volume.catchUp(signal ? { signal } : {});
  const answers = await api.answers(volume.volumeId, { signal });
  const led = await ledInto({ api, volumes }, volume, { signal });
  const { rows } = volume.members();
  const history = volume.history();
  const ids = rows.map(({ userId }) => userId);
  const written = wrote ? await history.lastWritten(ids, { signal }) : undefined;
  return rows.map((row): MemberInfo => {
    const isSelf = equalBytes(row.userId, account.userId);
    const answer = answers.find(({ userId }) => equalBytes(userId, row.userId));
    const hasLeft = answer !== undefined && answer.leftMs !== null;
    const hasAccepted = row.role === "owner" || (answer !== undefined && answer.acceptedMs !== null);
    return {
      ...{ userId: row.userId, name: row.name, role: row.role, isSelf, addedMs: row.addedMs },
      fingerprint: fingerprintDigits(row.fingerprint),
      verified: isSelf || people.recognize(row).verified,
      answer: hasLeft ? "left" : hasAccepted ? "accepted" : led.has(toHex(row.userId)) ? "around" : "invited",
      addedBy: row.role === "owner" ? undefined : history.adder(row.userId)?.name,
      wrote: written?.get(toHex(row.userId)),
    };
  });
}
