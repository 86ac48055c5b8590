import type { SignatureKeys } from "@excalibur/core/identity";
import { hex, unhex } from "./frozen.ts";

/** An accepted identity, as the vector files name it. */
export interface PersonJson {
  readonly person: string;
  readonly subjectId: string;
  readonly fingerprint: string;
  readonly ed25519Key: string;
}

export function keysOf(people: readonly PersonJson[]): SignatureKeys {
  const keys = new Map(people.map(({ fingerprint, ed25519Key }) => [fingerprint, unhex(ed25519Key)]));
  return (fingerprint) => keys.get(hex(fingerprint));
}
