/** Every vector file, made anew. */

import { keyVectors } from "./generate/account/key-vectors.ts";
import { opaqueVectors } from "./generate/account/opaque-vectors.ts";
import { sessionVectors } from "./generate/account/session-vectors.ts";
import { cborVectors } from "./generate/foundations/cbor-vectors.ts";
import { ed25519Vectors } from "./generate/foundations/ed25519-vectors.ts";
import { exefV2Vectors } from "./generate/object/exef-v2-vectors.ts";
import { exefVectors } from "./generate/object/exef-vectors.ts";
import { batchVectors, proofVectors } from "./generate/object/proof-vectors.ts";
import { standaloneVectors } from "./generate/object/standalone-vectors.ts";
import { envelopeVectors } from "./generate/people/envelope-vectors.ts";
import { identityVectors } from "./generate/people/identity-vectors.ts";
import { linkVectors } from "./generate/people/link-vectors.ts";
import { requestVectors } from "./generate/requests/request-vectors.ts";
import { encodeFile, type VectorFile } from "./generate/vector-file.ts";
import { commitVectors } from "./generate/volume/commit-vectors.ts";
import { manifestVectors } from "./generate/volume/manifest-vectors.ts";
import { pageVectors } from "./generate/volume/page-vectors.ts";
import { stateVectors } from "./generate/volume/state-vectors.ts";

const GENERATORS: Readonly<Record<string, () => VectorFile>> = {
  cbor: cborVectors,
  ed25519: ed25519Vectors,
  exef: exefVectors,
  proofs: proofVectors,
  batch: batchVectors,
  standalone: standaloneVectors,
  "exef-v2": exefV2Vectors,
  keys: keyVectors,
  identity: identityVectors,
  envelope: envelopeVectors,
  links: linkVectors,
  page: pageVectors,
  commit: commitVectors,
  manifest: manifestVectors,
  state: stateVectors,
  requests: requestVectors,
  session: sessionVectors,
  opaque: opaqueVectors,
};

export const VECTOR_NAMES: readonly string[] = Object.keys(GENERATORS);

/** The text of `testing/vectors/<name>.json`. Generating it checks every must-fail case against the reference. */
export function makeVectorFile(name: string): string {
  const generate = GENERATORS[name];
  if (generate === undefined) throw new RangeError(`There are no vectors named ${name}.`);
  return encodeFile(generate());
}
