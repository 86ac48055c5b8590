import type { LinkRules } from "@excalibur/core/protocol";

/** What a session stands for that no account has begun, but somebody with the address of a link. */
export interface LinkVisit {
  readonly linkId: Uint8Array;
  readonly volumeId: Uint8Array;
  /** Who made the link. */
  readonly createdBy: Uint8Array;
  /** Who owns the volume, and pays for what is stored in it. */
  readonly ownerUserId: Uint8Array;
  readonly role: "viewer" | "editor";
  readonly expiresMs: LinkRules["expiresMs"];
  readonly client: string;
  /** When contents were last asked for; null: the visitor has begun no use of the link. */
  readonly reservedMs: number | null;
  readonly hasSpent: boolean;
}
