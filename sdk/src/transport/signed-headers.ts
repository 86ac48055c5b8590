import {
  byteSequence,
  contentDigest,
  HEADER,
  type RouteKind,
  type SignedRequest,
  signatureBase,
  signatureHeader,
  signatureInput,
} from "@excalibur/core/protocol";
import { digestPieces, randomToken, type SessionSigner, textBytes } from "./crypto.ts";

export interface SigningInput {
  readonly kind: RouteKind;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly pieces: readonly Uint8Array[] | undefined;
  readonly leaves?: Uint8Array | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The headers that a signature covers, computed once per call: they stay equal across retries. spec/wire.md «signed requests». */
export async function coveredHeaderValues(input: SigningInput): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  if (input.kind === "part") {
    if (input.leaves === undefined) throw new TypeError("A part is signed by its leaves.");
    headers[HEADER.leaves] = byteSequence(input.leaves);
    return headers;
  }
  if (input.pieces !== undefined) headers[HEADER.contentDigest] = contentDigest(await digestPieces(input.pieces));
  if (input.kind === "write") headers[HEADER.idempotencyKey] = input.idempotencyKey ?? randomToken();
  return headers;
}

/** `signature-input` and `signature`, with a fresh nonce each time. */
export async function signatureHeaders(
  input: Pick<SigningInput, "method" | "path" | "query">,
  covered: Readonly<Record<string, string>>,
  signing: { readonly signer: SessionSigner; readonly nowMs: number },
): Promise<Record<string, string>> {
  const request: SignedRequest = {
    method: input.method,
    path: input.path,
    query: input.query,
    ...field("contentDigest", covered[HEADER.contentDigest]),
    ...field("leaves", covered[HEADER.leaves]),
    ...field("idempotencyKey", covered[HEADER.idempotencyKey]),
  };
  const parameters = {
    createdSeconds: Math.floor(signing.nowMs / 1000),
    nonce: randomToken(),
    keyId: signing.signer.sessionId,
  };
  const signature = await signing.signer.sign(textBytes(signatureBase(request, parameters)));
  return {
    [HEADER.signatureInput]: signatureInput(request, parameters),
    [HEADER.signature]: signatureHeader(signature),
  };
}

function field<Name extends string>(name: Name, value: string | undefined): { [_ in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [_ in Name]: string });
}
