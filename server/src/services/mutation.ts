import { equalBytes } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import type { WriteProof } from "../auth/session.ts";
import type { Database, ReadHandle, WriteHandle } from "../db/index.ts";
import { Refusal } from "../refusal.ts";

/** Expired nonces and replies are removed at most this often. */
const SWEEP_EVERY_MS = 60_000;

/**
 * The one door of signed writes: at most once, and the same answer for the same operation.
 * What is slow (bytes, disks) happens before; inside `work` nothing is awaited but the database.
 */
export interface Mutation {
  /**
   * In one transaction: remembers the nonce, looks for an earlier answer to this operation, else runs `work` and keeps
   * what it answers (JSON, or undefined). `work` may run again after a collision.
   * @throws Refusal replayed, idempotency_conflict, and what `work` throws; nothing has happened then
   */
  mutate<Reply>(proof: WriteProof, work: (tx: WriteHandle) => Promise<Reply>): Promise<Reply>;

  /** The answer this operation got before, if it did: to ask before slow work that cannot be done twice. */
  earlierReply<Reply>(proof: WriteProof): Promise<{ readonly reply: Reply } | undefined>;
}

export function createMutation({ database, clock }: { database: Database; clock: () => number }): Mutation {
  let sweptMs = 0;

  async function storedReply(read: ReadHandle, proof: WriteProof): Promise<string | undefined> {
    const stored = await read
      .selectFrom("idempotency")
      .select(["request_digest", "reply"])
      .where("session_id", "=", proof.session.sessionId)
      .where("key", "=", proof.idempotencyKey)
      .where("expires_ms", ">", clock())
      .executeTakeFirst();
    if (stored && !equalBytes(stored.request_digest, proof.requestDigest)) throw new Refusal("idempotency_conflict");
    return stored?.reply;
  }

  async function sweep(tx: WriteHandle): Promise<void> {
    const nowMs = clock();
    if (nowMs - sweptMs < SWEEP_EVERY_MS) return;
    sweptMs = nowMs;
    await tx.deleteFrom("nonces").where("expires_ms", "<=", nowMs).execute();
    await tx.deleteFrom("idempotency").where("expires_ms", "<=", nowMs).execute();
  }

  async function rememberNonce(tx: WriteHandle, proof: WriteProof): Promise<void> {
    const nonce = { session_id: proof.session.sessionId, nonce: proof.nonce, expires_ms: clock() + LIMITS.nonceMs };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("nonces")
      .values(nonce)
      .onConflict((on) => on.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows !== 1n) throw new Refusal("replayed");
  }

  async function keepReply(tx: WriteHandle, proof: WriteProof, reply: string): Promise<void> {
    const row = { request_digest: proof.requestDigest, reply, expires_ms: clock() + LIMITS.idempotencyMs };
    await tx
      .insertInto("idempotency")
      .values({ session_id: proof.session.sessionId, key: proof.idempotencyKey, ...row })
      .onConflict((on) => on.columns(["session_id", "key"]).doUpdateSet(row))
      .execute();
  }

  return {
    mutate: <Reply>(proof: WriteProof, work: (tx: WriteHandle) => Promise<Reply>) =>
      database.write(async (tx) => {
        await sweep(tx);
        await rememberNonce(tx, proof);
        const earlier = await storedReply(tx, proof);
        if (earlier !== undefined) return fromText<Reply>(earlier);
        const reply = await work(tx);
        await keepReply(tx, proof, toText(reply));
        return reply;
      }),
    earlierReply: async <Reply>(proof: WriteProof) => {
      const earlier = await storedReply(database.read, proof);
      return earlier === undefined ? undefined : { reply: fromText<Reply>(earlier) };
    },
  };
}

function toText(reply: unknown): string {
  return reply === undefined ? "" : JSON.stringify(reply);
}

function fromText<Reply>(text: string): Reply {
  return (text === "" ? undefined : JSON.parse(text)) as Reply;
}
