import { concatBytes, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { postCommit, putPages } from "@excalibur/core/protocol";
import type { TestSession, VolumeWriter, WrittenPage } from "@excalibur/server/testing";

/** Below what one request may carry. */
const BODY_BYTES = 6 * 2 ** 20;

export interface PushOptions {
  /** Objects that entries of these pages begin to list. */
  readonly added?: readonly Uint8Array[];
  /** Just before the commit is sent. */
  readonly onCommit?: () => void;
}

/** Writes pages of these folders and commits them. Resolves with the milliseconds from sending the commit to its answer. */
export async function push(
  session: TestSession,
  writer: VolumeWriter,
  nodeIds: readonly Uint8Array[],
  { added = [], onCommit }: PushOptions = {},
): Promise<number> {
  const written = writer.write({
    pages: nodeIds.map((nodeId) => ({ nodeId })),
    added: added.map((objectId) => ({ objectId, count: 1 })),
  });
  const params = { volumeId: writer.id };
  for (const body of bodies(written.pages)) await accepted(session.call(putPages, { params, raw: body }));
  const json = { commit: toBase64Url(written.bytes) };
  onCommit?.();
  const began = performance.now();
  await accepted(session.call(postCommit, { params, json }));
  const tookMs = performance.now() - began;
  writer.accept(written);
  return tookMs;
}

function* bodies(pages: readonly WrittenPage[]): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for (const { bytes } of pages) {
    parts.push(uint32(bytes.length), bytes);
    length += 4 + bytes.length;
    if (length < BODY_BYTES) continue;
    yield concatBytes(...parts);
    [parts, length] = [[], 0];
  }
  if (parts.length > 0) yield concatBytes(...parts);
}

async function accepted(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`The server answered ${status}: ${JSON.stringify(body)}`);
}
