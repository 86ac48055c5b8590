import { toBase64Url } from "@excalibur/core/bytes";
import { originHash, senderBindMessage } from "@excalibur/core/identity";
import { signLabelled } from "@excalibur/core/labels";
import { kemKeyPairFromSeed, randomBytes, sha256, signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import {
  type BodyOf,
  beginSending,
  createRequest,
  type Hash,
  listItems,
  listRequests,
  postBatch,
  type RequestId,
  type SessionId,
} from "@excalibur/core/protocol";
import { type OpaqueObject, opaqueBatch } from "./opaque-object.ts";
import { readAnswer, signingSession, type TestSession } from "./test-session.ts";

export interface TestRequest {
  readonly id: RequestId;
  readonly requestId: Uint8Array;
  readonly knock: Uint8Array;
  /** What it was made with. */
  readonly body: BodyOf<typeof createRequest>;
}

let publicKey: Promise<string> | undefined;

/** One key for all: making one takes longer than everything else here. */
function sealingKey(): Promise<string> {
  publicKey ??= kemKeyPairFromSeed(new Uint8Array(32).fill(7)).then((pair) => toBase64Url(pair.publicKey));
  return publicKey;
}

/** An upload request as its owner's client would make it, with a text that nobody can open. */
export async function newRequest(
  more: Partial<Pick<TestRequest["body"], "caps" | "expiresMs">> = {},
): Promise<TestRequest> {
  const [requestId, knock] = [randomBytes(16), randomBytes(32)];
  const id = toBase64Url(requestId) as RequestId;
  const body = {
    requestId: id,
    publicKey: await sealingKey(),
    knockHash: toBase64Url(sha256(knock)) as Hash,
    sealedText: toBase64Url(randomBytes(100)),
    caps: { maxBytes: 10_000_000, maxItems: 1_000, maxItemBytes: 5_000_000 },
    expiresMs: null,
    ...more,
  };
  return { id, requestId, knock, body };
}

export async function makeRequest(
  owner: TestSession,
  more: Parameters<typeof newRequest>[0] = {},
): Promise<TestRequest> {
  const request = await newRequest(more);
  const { status } = await owner.call(createRequest, { json: request.body });
  if (status !== 200) throw new Error(`The request was not made: ${status}.`);
  return request;
}

/** What a sender with this key sends to begin. */
export function senderBinding(origin: string, { requestId, knock }: TestRequest, seed: Uint8Array) {
  const { publicKey: sessionKey } = signatureKeyPairFromSeed(seed);
  const message = senderBindMessage({ requestId, originHash: originHash(origin), sessionKey });
  return {
    ...{ knock: toBase64Url(knock), origin, publicKey: toBase64Url(sessionKey) },
    proof: toBase64Url(signLabelled("sender", seed, message)),
  };
}

/** Somebody who sends into a request. */
export async function beginSender(origin: string, request: TestRequest, seed = randomBytes(32)): Promise<TestSession> {
  const answer = await readAnswer(
    await fetch(`${origin}/api${beginSending.path.replace(":requestId", request.id)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(senderBinding(origin, request, seed)),
    }),
  );
  if (answer.status !== 200) throw new Error(`No sender began: ${JSON.stringify(answer.body)}.`);
  return signingSession({ origin, sessionId: answer.body["senderId"] as SessionId, seed });
}

/** What becomes of objects that a sender stores: "stored", "exists", or a code. */
export async function store(sender: TestSession, objects: readonly OpaqueObject[]): Promise<string[]> {
  const { body, signedLeaves } = opaqueBatch(objects);
  const answer = await sender.call(postBatch, { raw: body, leaves: signedLeaves });
  if (answer.status !== 200) return objects.map(() => String(answer.body["code"]));
  const results = answer.body["results"] as { status: string; code?: string }[];
  return results.map(({ status, code }) => code ?? status);
}

/** An object as an item of the inbox, with a description that nobody can open. */
export function itemOf({ id }: OpaqueObject) {
  return { objectId: id, description: toBase64Url(randomBytes(60)) };
}

/** A request as its owner sees it. */
export async function stateOf(owner: TestSession, { id }: TestRequest): Promise<object | undefined> {
  const { requests } = (await owner.call(listRequests)).body as { requests: { requestId: string }[] };
  return requests.find(({ requestId }) => requestId === id);
}

/** Objects in the inbox. */
export async function waiting(owner: TestSession, { id }: TestRequest): Promise<string[]> {
  const { body } = await owner.call(listItems, { params: { requestId: id }, query: "after=0" });
  return (body["items"] as { objectId: string }[]).map(({ objectId }) => objectId);
}
