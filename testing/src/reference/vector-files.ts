/** Every vector file, made anew. */

import { cborVectors } from "./generate/cbor-vectors.ts";
import { commitVectors } from "./generate/commit-vectors.ts";
import { ed25519Vectors } from "./generate/ed25519-vectors.ts";
import { envelopeVectors } from "./generate/envelope-vectors.ts";
import { exefVectors } from "./generate/exef-vectors.ts";
import { identityVectors } from "./generate/identity-vectors.ts";
import { keyVectors } from "./generate/key-vectors.ts";
import { manifestVectors } from "./generate/manifest-vectors.ts";
import { opaqueVectors } from "./generate/opaque-vectors.ts";
import { pageVectors } from "./generate/page-vectors.ts";
import { batchVectors, proofVectors } from "./generate/proof-vectors.ts";
import { sessionVectors } from "./generate/session-vectors.ts";
import { stateVectors } from "./generate/state-vectors.ts";
import { encodeFile, type VectorFile } from "./generate/vector-file.ts";

const GENERATORS: Readonly<Record<string, () => VectorFile>> = {
  cbor: cborVectors,
  ed25519: ed25519Vectors,
  exef: exefVectors,
  proofs: proofVectors,
  batch: batchVectors,
  keys: keyVectors,
  identity: identityVectors,
  envelope: envelopeVectors,
  page: pageVectors,
  commit: commitVectors,
  manifest: manifestVectors,
  state: stateVectors,
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
