import { type Bytes, concatBytes, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_KIND } from "@excalibur/core/exef/public";
import {
  claimMessage,
  decodeLinkIdentity,
  encodeLinkIdentity,
  type LinkIdentity,
  originHash,
  sessionBindMessage,
  toInvitationId,
} from "@excalibur/core/identity";
import { signLabelled } from "@excalibur/core/labels";
import { kemKeyPairFromSeed, randomBytes, sha256, signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import type {
  BodyOf,
  claimLink,
  createLink,
  Hash,
  LinkId,
  LinkRules,
  LoginId,
  openLink,
  VolumeId,
} from "@excalibur/core/protocol";
import { opaqueBytes } from "./opaque-object.ts";
import type { MemberKeys } from "./volume-writer.ts";

export const NO_RULES: LinkRules = { expiresMs: null, maxDownloads: null, viewOnly: false, paused: false };

/** A link as its maker would prepare it, with random bytes where secrets and ciphertext would be. */
export interface TestLink extends MemberKeys {
  readonly id: LinkId;
  readonly identity: LinkIdentity;
  readonly knock: Bytes;
  readonly record: Bytes;
}

export async function newTestLink({ isInvitation = false } = {}): Promise<TestLink> {
  const [random, signatureSeed, knock] = [randomBytes(16), randomBytes(32), randomBytes(32)];
  const userId = isInvitation ? toInvitationId(random) : random;
  const { publicKey: sealingKey } = await kemKeyPairFromSeed(randomBytes(32));
  const { publicKey: signatureKey } = signatureKeyPairFromSeed(signatureSeed);
  const identity = decodeLinkIdentity(encodeLinkIdentity({ subjectId: userId, signatureKey, sealingKey }));
  const record = opaqueBytes(EXEF_KIND.slot, randomBytes(16), 100);
  return { id: toBase64Url(userId) as LinkId, userId, signatureSeed, identity, knock, record };
}

export function newLinkBody(
  link: TestLink,
  volumeId: VolumeId,
  more: {
    readonly role?: "viewer" | "editor";
    readonly hasPassword?: boolean;
    readonly rules?: Partial<LinkRules>;
  } = {},
): BodyOf<typeof createLink> {
  return {
    ...{ linkId: link.id, volumeId, role: more.role ?? "viewer", hasPassword: more.hasPassword ?? false },
    identity: toBase64Url(link.identity.bytes),
    knockHash: toBase64Url(sha256(link.knock)) as Hash,
    record: toBase64Url(link.record),
    rules: { ...NO_RULES, ...more.rules },
  };
}

export interface TestVisitor {
  readonly seed: Bytes;
  readonly body: BodyOf<typeof openLink>;
}

/** What a visitor answers to a knock; `signatureSeed` of another link, or of none, plays a wrong password. */
export function visitorOf(
  link: Pick<TestLink, "userId" | "knock" | "signatureSeed">,
  challenge: { readonly loginId: Uint8Array; readonly serverNonce: Uint8Array },
  origin: string,
): TestVisitor {
  const seed = randomBytes(32);
  const { publicKey } = signatureKeyPairFromSeed(seed);
  const deviceName = "visitor";
  const message = sessionBindMessage({
    ...{ action: "link", deviceName, ...challenge, subjectId: link.userId },
    ...{ originHash: originHash(origin), sessionKey: publicKey },
  });
  const proof = toBase64Url(signLabelled("session", link.signatureSeed, concatBytes(message)));
  const session = { origin, publicKey: toBase64Url(publicKey), deviceName, client: "web" as const, proof };
  const body = {
    knock: toBase64Url(link.knock),
    loginId: toBase64Url(challenge.loginId) as LoginId,
    session,
  };
  return { seed, body };
}

/** What an account with this identity answers to a knock at an invitation; `signatureSeed` of another link plays a forgery. */
export function claimBody(
  link: Pick<TestLink, "userId" | "knock" | "signatureSeed">,
  { loginId, serverNonce }: { readonly loginId: Uint8Array; readonly serverNonce: Uint8Array },
  identityRecord: Uint8Array,
): BodyOf<typeof claimLink> {
  const message = claimMessage({ linkId: link.userId, identityHash: sha256(identityRecord), serverNonce });
  return {
    knock: toBase64Url(link.knock),
    loginId: toBase64Url(loginId) as LoginId,
    signature: toBase64Url(signLabelled("claim", link.signatureSeed, message)),
  };
}
