/** Making an account: everything it consists of, in one transaction, or nothing. */

import { equalBytes, toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { type VerifiedIdentity, verifyIdentity } from "@excalibur/core/identity";
import { isStrongSignatureKey, sha256 } from "@excalibur/core/primitives";
import type { BodyOf, ReplyOf, signUp, signUpStart } from "@excalibur/core/protocol";
import { answerRegistration, isUsableRecord } from "../../auth/opaque.ts";
import type { Config } from "../../config/config.ts";
import type { Secrets } from "../../config/secrets.ts";
import type { Accounts, Database, Invites, ReadHandle, Slots, WriteHandle } from "../../db/index.ts";
import { findAccountByName, insertAccount, insertSlots } from "../../db/stores/accounts.ts";
import { insertAudit } from "../../db/stores/audit.ts";
import { insertIdentity } from "../../db/stores/identities.ts";
import { findGoodInvite, useInvite } from "../../db/stores/invites.ts";
import { insertKeyring } from "../../db/stores/keyrings.ts";
import { findLink } from "../../db/stores/links.ts";
import { isPast } from "../../db/stores/parting.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import { Refusal } from "../../refusal.ts";
import { storeVolume, type VerifiedNewVolume, verifyNewVolume } from "../volumes/create-volume.ts";
import { refuseInvalid } from "../volumes/record-refusal.ts";
import { checkFirstSlots, decodeKeyring, decodeSlot } from "./slots.ts";

type SignUpBody = BodyOf<typeof signUp>;

export interface SignUp {
  start(body: BodyOf<typeof signUpStart>): Promise<ReplyOf<typeof signUpStart>>;
  finish(body: SignUpBody): Promise<ReplyOf<typeof signUp>>;
}

export interface SignUpOptions {
  readonly database: Database;
  readonly clock: () => number;
  readonly secrets: Secrets;
  readonly config: Pick<Config, "signUp" | "defaultQuotaBytes">;
}

/** What arrived, every rule checked that needs no database. */
interface NewAccount {
  readonly body: SignUpBody;
  readonly userId: Uint8Array;
  readonly nowMs: number;
  readonly record: Uint8Array;
  readonly recoveryPublicKey: Uint8Array;
  readonly slots: readonly Slots[];
  readonly keyring: Uint8Array;
  readonly identity: VerifiedIdentity;
  readonly homeVolume: VerifiedNewVolume;
  readonly hash: Uint8Array;
}

function demand(condition: boolean, reason: string): void {
  if (!condition) throw new Refusal("record_invalid", { reason });
}

/** Independent of the order of a client's keys. */
function hashOf(body: SignUpBody): Uint8Array {
  const { name, userId, invite, registrationRecord, slots, recoveryPublicKey, keyring, identity, homeVolume } = body;
  const { volumeId, manifest, commit, pages, envelope } = homeVolume;
  const fields = [
    ...[name, userId, invite ?? null, registrationRecord, recoveryPublicKey, keyring, identity],
    slots.map(({ slotId, type, generation, sealed }) => [slotId, type, generation, sealed]),
    [volumeId, manifest, commit, pages, envelope],
  ];
  return sha256(utf8Encode(JSON.stringify(fields)));
}

function checkIdentity(body: SignUpBody, userId: Uint8Array): VerifiedIdentity {
  const identity = refuseInvalid("record_invalid", () => verifyIdentity(decodeBytes(body.identity)));
  const isOwn = identity.sequence === 0 && identity.name === body.name && equalBytes(identity.userId, userId);
  demand(isOwn, "identity");
  return identity;
}

async function check(body: SignUpBody, nowMs: number, secrets: Secrets): Promise<NewAccount> {
  const userId = decodeBytes(body.userId);
  const record = decodeBytes(body.registrationRecord);
  demand(await isUsableRecord(secrets.opaqueServerSetup, record), "registrationRecord");
  const recoveryPublicKey = decodeBytes(body.recoveryPublicKey);
  demand(isStrongSignatureKey(recoveryPublicKey), "recoveryPublicKey");
  const slots = body.slots.map((slot) => decodeSlot(slot, { userId, nowMs }));
  checkFirstSlots(slots);
  const identity = checkIdentity(body, userId);
  const homeVolume = verifyNewVolume({ newVolume: body.homeVolume, ownerUserId: userId, identity, nowMs });
  const keyring = decodeKeyring(body.keyring);
  return { body, userId, nowMs, record, recoveryPublicKey, slots, keyring, identity, homeVolume, hash: hashOf(body) };
}

async function store(
  tx: WriteHandle,
  account: NewAccount,
  terms: { admin: boolean; quotaBytes: number | null },
): Promise<void> {
  const { userId, nowMs, body } = account;
  const isNew = await insertAccount(tx, {
    user_id: userId,
    name: body.name,
    admin: terms.admin ? 1 : 0,
    disabled: 0,
    created_ms: nowMs,
    quota_bytes: terms.quotaBytes,
    used_bytes: 0,
    opaque_record: account.record,
    ak_generation: 0,
    recovery_public_key: account.recoveryPublicKey,
    home_volume_id: decodeBytes(body.homeVolume.volumeId),
    sign_up_hash: account.hash,
  });
  // The name was looked for in this transaction: what is taken is the id, which no honest client chooses twice. Accounts and
  // links are members alike, so no id may be that of both.
  const isTaken = (await isPast(tx, userId)) || (await findLink(tx, userId)) !== undefined;
  demand(isNew && !isTaken, "userId");
  await insertSlots(tx, account.slots);
  const keyring = { user_id: userId, version: 1, generation: 0, sealed: account.keyring };
  await insertKeyring(tx, keyring, sha256(account.keyring));
  const { bytes, fingerprint } = account.identity;
  await insertIdentity(tx, { user_id: userId, sequence: 0, record: bytes, fingerprint });
  await storeVolume(tx, account.homeVolume);
  await insertAudit(tx, { atMs: nowMs, actor: userId, action: "sign-up", subject: body.name });
  const { volumeId } = body.homeVolume;
  await insertAudit(tx, { atMs: nowMs, actor: userId, action: "volume-created", subject: volumeId });
}

/**
 * The invitation that was sent, still good and for this name; undefined when none is needed.
 * @throws Refusal invite_required, invite_invalid, invite_other_name, sign_up_closed
 */
async function findInvite(
  read: ReadHandle,
  { name, invite: code }: { readonly name: string; readonly invite?: string },
  options: { nowMs: number; policy: Config["signUp"] },
): Promise<Invites | undefined> {
  if (code === undefined) {
    if (options.policy === "open") return undefined;
    throw new Refusal(options.policy === "closed" ? "sign_up_closed" : "invite_required");
  }
  const invite = await findGoodInvite(read, sha256(decodeBytes(code)), options.nowMs);
  // A closed server still needs its first account.
  if (options.policy === "closed" && invite?.first_run !== 1) throw new Refusal("sign_up_closed");
  if (!invite) throw new Refusal("invite_invalid");
  if (invite.name !== null && invite.name !== name) throw new Refusal("invite_other_name");
  return invite;
}

/** Cheap refusals before costly checks; what counts is looked at again inside the transaction. */
async function refuseEarly(
  read: ReadHandle,
  body: SignUpBody,
  options: { nowMs: number; policy: Config["signUp"] },
): Promise<void> {
  const { name } = body;
  if (await findAccountByName(read, name)) return;
  try {
    await findInvite(read, body, options);
  } catch (error) {
    // This very sign-up, sent twice, may have used the invitation between the two looks.
    if (!(await findAccountByName(read, name))) throw error;
  }
}

function answer(account: Pick<Accounts, "user_id" | "admin">): ReplyOf<typeof signUp> {
  return { userId: toBase64Url(account.user_id), admin: account.admin === 1 } as ReplyOf<typeof signUp>;
}

export function createSignUp({ database, clock, secrets, config }: SignUpOptions): SignUp {
  return {
    start: async ({ name, userId, invite, registrationRequest }) => {
      const asked = invite === undefined ? { name } : { name, invite };
      await findInvite(database.read, asked, { nowMs: clock(), policy: config.signUp });
      if (await findAccountByName(database.read, name)) throw new Refusal("name_taken");
      const request = decodeBytes(registrationRequest);
      const response = await answerRegistration(secrets.opaqueServerSetup, decodeBytes(userId), request);
      return { registrationResponse: toBase64Url(response) };
    },

    finish: async (body) => {
      const nowMs = clock();
      await refuseEarly(database.read, body, { nowMs, policy: config.signUp });
      const account = await check(body, nowMs, secrets);
      return database.write(async (tx) => {
        const there = await findAccountByName(tx, body.name);
        if (there && equalBytes(there.sign_up_hash, account.hash)) return answer(there);
        if (there) throw new Refusal("name_taken");
        const invite = await findInvite(tx, body, { nowMs, policy: config.signUp });
        const admin = invite?.admin === 1;
        await store(tx, account, { admin, quotaBytes: config.defaultQuotaBytes });
        const { userId } = account;
        if (invite && !(await useInvite(tx, invite.code_hash, { userId, nowMs }))) throw new Refusal("invite_invalid");
        return answer({ user_id: userId, admin: admin ? 1 : 0 });
      });
    },
  };
}
