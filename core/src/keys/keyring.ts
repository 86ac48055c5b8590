import type { CborMap, CborValue } from "../bytes/index.ts";
import type { HistoryPosition } from "../volume/record/index.ts";
import type { CborExtras } from "./cbor-fields.ts";

/** The seeds behind one identity record. */
export interface IdentitySeeds {
  readonly sequence: number;
  /** Ed25519, 32 bytes. */
  readonly signatureSeed: Uint8Array;
  /** X-Wing, 32 bytes. */
  readonly sealingSeed: Uint8Array;
}

/** What the account holds of one volume. */
export interface KeyringVolume {
  readonly volumeId: Uint8Array;
  /** g → VK_g. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** The accepted head, a floor for devices that remember nothing; null before the first. */
  readonly head: HistoryPosition | null;
  readonly extras?: CborExtras;
}

export interface Contact {
  readonly userId: Uint8Array;
  readonly fingerprint: Uint8Array;
  /** Whether the person compared the fingerprint. */
  readonly verified: boolean;
  readonly name: string;
  readonly extras?: CborExtras;
}

export interface HistoryNote {
  readonly atMs: number;
  readonly text: string;
}

/** An account's own secrets (docs/spec/keys.md §4). A value: a change makes a new one. */
export interface Keyring {
  readonly identity: IdentitySeeds;
  /** Oldest first. */
  readonly earlierIdentities: readonly IdentitySeeds[];
  /** By volumeId as base64url. */
  readonly volumes: ReadonlyMap<string, KeyringVolume>;
  /** By userId as base64url. */
  readonly contacts: ReadonlyMap<string, Contact>;
  /** Kept as they are until links exist. */
  readonly links: CborMap;
  /** Kept as they are until upload requests exist. */
  readonly requests: CborMap;
  readonly settings: ReadonlyMap<string, CborValue>;
  readonly history: readonly HistoryNote[];
  readonly homeVolumeId: Uint8Array;
  readonly extras?: CborExtras;
}
