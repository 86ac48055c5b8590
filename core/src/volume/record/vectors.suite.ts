import { readFileSync } from "node:fs";
import {
  ExcaliburError,
  FormatError,
  fromHex,
  IntegrityError,
  toHex,
  UnsupportedError,
  WeakKeyError,
} from "../../bytes/index.ts";
import type { IdentityChain, SignatureKeys } from "../../identity/index.ts";
import { ForkError, RollbackError } from "./index.ts";

/** One case of a vector file: hexadecimal text where bytes are meant, `name`, and `refuse` for a must-fail case. */
// biome-ignore lint/suspicious/noExplicitAny: vectors are data of many shapes, checked by being used.
export type VectorCase = any;

/** A vector file of the second implementation (testing/vectors). */
export function vectors(name: string): VectorCase {
  return JSON.parse(readFileSync(new URL(`../../../../testing/vectors/${name}.json`, import.meta.url), "utf8"));
}

/** The cases of a list as rows for `it.each`. */
export function named(cases: readonly VectorCase[]): [string, VectorCase][] {
  return cases.map((one) => [one.name, one]);
}

/** The class under which the vectors refuse (docs/spec/terminology.md §5). */
export function classOf(error: unknown): string {
  if (error instanceof ExcaliburError && "refusal" in error) return String(error.refusal);
  if (error instanceof FormatError) return "malformed";
  if (error instanceof UnsupportedError) return "unsupported";
  if (error instanceof WeakKeyError) return "weak-key";
  if (error instanceof IntegrityError) return "integrity";
  if (error instanceof RollbackError) return "rollback";
  if (error instanceof ForkError) return "fork";
  throw error;
}

export async function refusalOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    return classOf(error);
  }
  return "accepted";
}

interface VectorPeople {
  readonly people: readonly {
    readonly subjectId: string;
    readonly fingerprint: string;
    readonly ed25519Key: string;
  }[];
  readonly chains?: readonly { readonly from: string; readonly to: string }[];
}

/** The keys the vectors take for known. */
export function keysOfVectors({ people }: VectorPeople): SignatureKeys {
  const keys = new Map(people.map((person) => [person.fingerprint, fromHex(person.ed25519Key)]));
  return (fingerprint) => keys.get(toHex(fingerprint));
}

/** The identity chains the vectors take for verified, as far as a manifest looks at them. */
export function chainsOfVectors({ people, chains = [] }: VectorPeople) {
  return (userId: Uint8Array): IdentityChain | undefined => {
    const own = people.filter(({ subjectId }) => subjectId === toHex(userId)).map(({ fingerprint }) => fingerprint);
    const chain = chains.find(({ from }) => own.includes(from));
    if (chain === undefined) return undefined;
    const links = [chain.from, chain.to].map((fingerprint) => ({ userId, fingerprint: fromHex(fingerprint) }));
    return links as unknown as IdentityChain;
  };
}
