/** Public known answers that may lie beside the repository, in ../shared/vectors: data only, none of ours. */

import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../shared/vectors/", import.meta.url);

export const hasPublicAnswers = existsSync(folder);

function read(path: string): string {
  return readFileSync(new URL(path, folder), "utf8");
}

export interface FloeAnswer {
  readonly name: string;
  readonly segmentBytes: number;
  readonly rotationMaskBits: number;
  readonly plaintext: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const FLOE_NAMES = [
  "cpp_GCM256_IV256_4K",
  "cpp_GCM256_IV256_64",
  "cpp_rotation",
  "go_GCM256_IV256_4K",
  "java_lastSegAligned",
  "java_lastSegEmpty",
];

/** FLOE, from its specification's repository: key of 32 zero bytes, associated data "This is AAD". */
export function floeAnswers(): FloeAnswer[] {
  const bytes = (name: string) => new Uint8Array(Buffer.from(read(`floe/${name}.txt`).trim(), "hex"));
  return FLOE_NAMES.map((name) => {
    const ciphertext = bytes(`${name}_ct`);
    return {
      name,
      segmentBytes: Buffer.from(ciphertext).readUInt32BE(2),
      rotationMaskBits: name.includes("rotation") ? 2 : 20,
      plaintext: bytes(`${name}_pt`),
      ciphertext,
    };
  });
}

export interface XWingAnswer {
  readonly seed: string;
  readonly eseed: string;
  readonly pk: string;
  readonly ct: string;
  readonly ss: string;
}

/** X-Wing, from the draft's repository. */
export function xWingAnswers(): XWingAnswer[] {
  return JSON.parse(read("xwing/test-vectors.json")) as XWingAnswer[];
}

export interface OpaqueAnswer {
  readonly config: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** OPAQUE, RFC 9807 appendix C: the ristretto255 ones. */
export function opaqueAnswers(): OpaqueAnswer[] {
  const all = JSON.parse(read("opaque/rfc9807-vectors.json")) as OpaqueAnswer[];
  return all.filter((answer) => answer.config["Group"] === "ristretto255");
}
