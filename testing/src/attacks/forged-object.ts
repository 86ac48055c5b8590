import { toBase64Url } from "@excalibur/core/bytes";
import { EXEF_HEADER_SIZE, EXEF_SEGMENT_SIZE, leafHash } from "@excalibur/core/exef/public";
import type { Answer, Ask, EvilServer, Exchange } from "../evil-server/index.ts";
import type { Device } from "../world/index.ts";

/** A large object as a server has it. */
export interface StoredObject {
  readonly objectId: Uint8Array;
  readonly ciphertext: Buffer;
}

/** Reads a file honestly and keeps what travelled: the whole ciphertext. */
export async function stealObject(device: Device, path: string): Promise<StoredObject> {
  const { entry } = await device.find(path);
  const { objectId, ciphertextLength } = entry.file!;
  const ciphertext = Buffer.alloc(ciphertextLength);
  device.network.interfere("getObject", async ({ headers }, ask) => {
    const answer = await ask();
    ciphertext.set(answer.body, rangeOf(headers)?.first ?? 0);
    return answer;
  });
  await device.read(path);
  device.network.behave();
  return { objectId, ciphertext };
}

export interface ForgeryOptions {
  /** Whether leaves and proofs are made to fit the forged bytes, or stay those of the true object. */
  readonly proofs: "forged" | "true";
  /** Of the true object: as many segments the client will ask for. */
  readonly segments: number;
}

/** Serves other bytes in the place of an object, as an operator who knows the format would. */
export function serveInstead(network: EvilServer, forged: StoredObject, { proofs, segments }: ForgeryOptions): void {
  const id = toBase64Url(forged.objectId);
  const isMeant = ({ path }: Exchange) => path.split("/").includes(id);
  network.interfere("getObject", async (exchange, ask) =>
    isMeant(exchange) ? rangeAnswer(forged.ciphertext, exchange) : ask(),
  );
  if (proofs === "true") return;
  network.interfere("getProof", async (exchange, ask) =>
    isMeant(exchange) ? proofAnswer(forged.ciphertext, { exchange, segments, ask }) : ask(),
  );
}

/** Segment `index` of a ciphertext; the last one is shorter. */
export function segmentOf(ciphertext: Buffer, index: number): Buffer {
  const start = EXEF_HEADER_SIZE + index * EXEF_SEGMENT_SIZE;
  return ciphertext.subarray(start, start + EXEF_SEGMENT_SIZE);
}

export function segmentsOf(ciphertext: Buffer): Buffer[] {
  const count = Math.ceil((ciphertext.length - EXEF_HEADER_SIZE) / EXEF_SEGMENT_SIZE);
  return Array.from({ length: count }, (_, index) => segmentOf(ciphertext, index));
}

function rangeOf(headers: Exchange["headers"]): { first: number; last: number } | undefined {
  const match = /^bytes=(\d+)-(\d+)$/.exec(headers["range"] ?? "");
  return match ? { first: Number(match[1]), last: Number(match[2]) } : undefined;
}

function octets(status: number, body: Uint8Array, headers: Record<string, string> = {}): Answer {
  const common = { "content-type": "application/octet-stream", "content-length": String(body.length) };
  return { status, headers: { ...common, ...headers }, body };
}

function rangeAnswer(ciphertext: Buffer, { headers }: Exchange): Answer {
  const range = rangeOf(headers);
  if (range === undefined) return octets(200, ciphertext);
  const body = ciphertext.subarray(range.first, range.last + 1);
  const content = `bytes ${range.first}-${range.last}/${ciphertext.length}`;
  // A liar about lengths announces what was asked for, and the connection ends early.
  const announced = String(range.last - range.first + 1);
  return octets(206, body, { "content-range": content, "content-length": announced });
}

function proofAnswer(
  ciphertext: Buffer,
  { exchange, segments }: { exchange: Exchange; segments: number; ask: Ask },
): Answer {
  const { query } = exchange;
  const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
  if (from !== 0 || to !== segments) throw new Error("These forgeries are for objects that are proven whole.");
  const count = Buffer.alloc(4);
  count.writeUInt32BE(segments);
  const leaves = Array.from({ length: segments }, (_, index) => leafHash(segmentOf(ciphertext, index)));
  return octets(200, Buffer.concat([count, ...leaves, Buffer.alloc(4)]));
}
