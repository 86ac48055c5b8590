/** Sign-in with a password and with recovery words: cryptography.md §2, §8; docs/spec/sign-in.md. */

import { toBase64Url } from "@excalibur/core/bytes";
import { verifySessionBindMac } from "@excalibur/core/identity";
import { verifyLabelled } from "@excalibur/core/labels";
import { randomBytes } from "@excalibur/core/primitives";
import {
  type BodyOf,
  type ErrorCode,
  LIMITS,
  type ReplyOf,
  type recoveryFinish,
  type recoveryStart,
  type SignedIn,
  type signInFinish,
  type signInStart,
} from "@excalibur/core/protocol";
import { attemptSubject, countAttempt, succeeded } from "../../auth/attempts.ts";
import { ghostOf, type SignInSubject } from "../../auth/ghosts.ts";
import { answerLogin, finishLogin } from "../../auth/opaque.ts";
import { bindingMessage, checkBinding, type ProposedSession } from "../../auth/session-binding.ts";
import type { SessionRegister } from "../../auth/sessions.ts";
import type { Secrets } from "../../config/secrets.ts";
import type { Accounts, Database, Logins, WriteHandle } from "../../db/index.ts";
import { findAccount, findAccountByName, findSlotOfType } from "../../db/stores/accounts.ts";
import { type AuditAction, countAudit, insertAudit, uncountAudit } from "../../db/stores/audit.ts";
import { deleteLoginsOf, insertLogin, takeLogin } from "../../db/stores/logins.ts";
import { endSessions } from "../../db/stores/sessions.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import type { Announcer } from "../../realtime/index.ts";
import { Refusal } from "../../refusal.ts";
import { NO_PASSWORD, presentSlot, SLOT_TYPE } from "./slots.ts";

type Purpose = Exclude<Logins["purpose"], "link">;

export interface SignIn {
  /** `network` is the caller's address or prefix: attempts are counted for each apart. */
  start(body: BodyOf<typeof signInStart>, network: string): Promise<ReplyOf<typeof signInStart>>;
  finish(body: BodyOf<typeof signInFinish>): Promise<SignedIn>;
  startRecovery(body: BodyOf<typeof recoveryStart>, network: string): Promise<ReplyOf<typeof recoveryStart>>;
  /** Every other session of the account ends. */
  finishRecovery(body: BodyOf<typeof recoveryFinish>): Promise<SignedIn>;
}

export interface SignInOptions {
  readonly database: Database;
  readonly clock: () => number;
  readonly secrets: Secrets;
  readonly sessions: SessionRegister;
  readonly announcer: Announcer;
  readonly origins: () => ReadonlySet<string>;
}

const FAILED: Record<Purpose, ErrorCode> = { password: "sign_in_failed", recovery: "recovery_failed" };

/** Entries of the audit log: proved, begun and not proved, and not even begun because of too many. */
const AUDITED: Record<Purpose, Record<"proved" | "failed" | "refused", AuditAction>> = {
  password: { proved: "sign-in", failed: "sign-in-failed", refused: "sign-in-refused" },
  recovery: { proved: "recovery", failed: "recovery-failed", refused: "recovery-refused" },
};

function subjectOf(account: Accounts | undefined, name: string, secrets: Secrets): SignInSubject {
  // Made in either case, so that both take the same time.
  const ghost = ghostOf(name, secrets);
  if (!account) return ghost;
  return {
    name,
    userId: account.user_id,
    toldUserId: account.user_id,
    // Without a password it goes the way of a name that nobody has: nobody can tell, and nobody gets in.
    opaqueRecord: account.opaque_record.length === NO_PASSWORD.length ? ghost.opaqueRecord : account.opaque_record,
    recoveryPublicKey: account.recovery_public_key,
  };
}

/** A name that nobody has is not written down: people type passwords into the wrong field. */
function auditSubject({ user_id, name }: Logins): { readonly subject?: string } {
  return user_id === null ? {} : { subject: name };
}

export function createSignIn({ database, clock, secrets, sessions, announcer, origins }: SignInOptions): SignIn {
  async function findSubject(name: string): Promise<SignInSubject> {
    return subjectOf(await findAccountByName(database.read, name), name, secrets);
  }

  /** Counts the attempt and keeps the login, in one transaction: neither a crash nor a second server forgets it. */
  async function keepLogin(
    purpose: Purpose,
    subject: SignInSubject,
    kept: { network: string; state: Uint8Array },
  ): Promise<Logins> {
    const counted = attemptSubject(purpose, subject.name, kept.network);
    const nowMs = clock();
    const login: Logins = {
      login_id: randomBytes(16),
      purpose,
      name: subject.name,
      user_id: subject.userId,
      told_user_id: subject.toldUserId,
      subject: counted,
      state: kept.state,
      server_nonce: randomBytes(32),
      expires_ms: nowMs + LIMITS.loginMs,
    };
    const audited = { atMs: nowMs, actor: "anybody", ...auditSubject(login) } as const;
    try {
      await database.write(async (tx) => {
        await countAttempt(tx, { subject: counted, userId: subject.userId, nowMs });
        await insertLogin(tx, login, nowMs);
        // As attempts are: counted when it begins, taken back by success.
        await countAudit(tx, { ...audited, action: AUDITED[purpose].failed });
      });
    } catch (error) {
      if (error instanceof Refusal && error.code === "too_many_attempts")
        await database.write((tx) => countAudit(tx, { ...audited, action: AUDITED[purpose].refused }));
      throw error;
    }
    return login;
  }

  /** Gone before anything is looked at: every finish has one chance. */
  async function useLogin(loginId: string, purpose: Purpose): Promise<Logins> {
    const login = await database.write((tx) => takeLogin(tx, decodeBytes(loginId)));
    if (!login || login.purpose !== purpose || login.expires_ms <= clock()) throw new Refusal(FAILED[purpose]);
    return login;
  }

  async function beginSession(tx: WriteHandle, account: Accounts, proposed: ProposedSession, slotType: number) {
    const { sessionId, ended } = await sessions.begin(tx, account.user_id, proposed);
    const slot = await findSlotOfType(tx, account.user_id, slotType);
    if (!slot) throw new Refusal("not_found");
    const signedIn = {
      sessionId: toBase64Url(sessionId),
      userId: toBase64Url(account.user_id),
      name: account.name,
      homeVolumeId: toBase64Url(account.home_volume_id),
      slot: presentSlot(slot),
    } as SignedIn;
    return { sessionId, ended, signedIn };
  }

  /** The proof was right. What it was checked against is read again: it may have changed since. */
  async function enter(
    login: Logins,
    proposed: ProposedSession,
    action: { purpose: Purpose; slotType: number },
  ): Promise<SignedIn> {
    const { purpose, slotType } = action;
    const { signedIn, ended } = await database.write(async (tx) => {
      const account = login.user_id && (await findAccount(tx, login.user_id));
      if (!account) throw new Refusal(FAILED[purpose]);
      if (account.disabled === 1) throw new Refusal("account_disabled");
      const begun = await beginSession(tx, account, proposed, slotType);
      await succeeded(tx, login.subject);
      const atMs = clock();
      const beginning = { atMs: login.expires_ms - LIMITS.loginMs, actor: "anybody", ...auditSubject(login) } as const;
      await uncountAudit(tx, { ...beginning, action: AUDITED[purpose].failed });
      await insertAudit(tx, { atMs, actor: account.user_id, action: AUDITED[purpose].proved });
      if (purpose === "password") return begun;
      // Who needs the words may have lost a device: nothing that was signed in before stays so.
      await deleteLoginsOf(tx, account.user_id);
      const others = await endSessions(tx, {
        ...{ userId: account.user_id, actor: account.user_id },
        ...{ nowMs: atMs, except: begun.sessionId },
      });
      return { ...begun, ended: [...begun.ended, ...others] };
    });
    for (const sessionId of ended) announcer.announce({ type: "session-ended", sessionId: toBase64Url(sessionId) });
    return signedIn;
  }

  return {
    start: async ({ name, loginRequest }, network) => {
      const subject = await findSubject(name);
      const started = await answerLogin({
        serverSetup: secrets.opaqueServerSetup,
        record: subject.opaqueRecord,
        userId: subject.toldUserId,
        name,
        request: decodeBytes(loginRequest),
      });
      const login = await keepLogin("password", subject, { network, state: started.serverState });
      return {
        loginId: toBase64Url(login.login_id),
        serverNonce: toBase64Url(login.server_nonce),
        userId: toBase64Url(subject.toldUserId),
        loginResponse: toBase64Url(started.response),
      } as ReplyOf<typeof signInStart>;
    },

    finish: async ({ loginId, loginFinish, session }) => {
      const proposed = checkBinding(session, origins());
      const login = await useLogin(loginId, "password");
      const opaqueSessionKey = await finishLogin(login.state, decodeBytes(loginFinish), login.name);
      if (!opaqueSessionKey) throw new Refusal("sign_in_failed");
      const message = bindingMessage("password", login, proposed);
      const isBound = verifySessionBindMac({ opaqueSessionKey, loginId: login.login_id, message, mac: proposed.proof });
      if (!isBound) throw new Refusal("sign_in_failed");
      return enter(login, proposed, { purpose: "password", slotType: SLOT_TYPE.password });
    },

    startRecovery: async ({ name }, network) => {
      const subject = await findSubject(name);
      const login = await keepLogin("recovery", subject, { network, state: subject.recoveryPublicKey });
      return {
        loginId: toBase64Url(login.login_id),
        serverNonce: toBase64Url(login.server_nonce),
        userId: toBase64Url(subject.toldUserId),
      } as ReplyOf<typeof recoveryStart>;
    },

    finishRecovery: async ({ loginId, session }) => {
      const proposed = checkBinding(session, origins());
      const login = await useLogin(loginId, "recovery");
      const message = bindingMessage("recovery", login, proposed);
      if (!verifyLabelled("recover", login.state, message, proposed.proof)) throw new Refusal("recovery_failed");
      return enter(login, proposed, { purpose: "recovery", slotType: SLOT_TYPE.recovery });
    },
  };
}
