import type { WriteHandle } from "../database.ts";
import type { LoginAttempts, Logins } from "../schema.ts";

export async function insertLogin(tx: WriteHandle, login: Logins, nowMs: number): Promise<void> {
  await tx.deleteFrom("logins").where("expires_ms", "<=", nowMs).execute();
  await tx.insertInto("logins").values(login).execute();
}

/** Uses it up: a login is good for one finish, whatever comes of it. */
export function takeLogin(tx: WriteHandle, loginId: Uint8Array): Promise<Logins | undefined> {
  return tx.deleteFrom("logins").where("login_id", "=", loginId).returningAll().executeTakeFirst();
}

/** When the password changes, nobody may finish a login that was begun with the one before. */
export async function deleteLoginsOf(tx: WriteHandle, userId: Uint8Array): Promise<void> {
  await tx.deleteFrom("logins").where("user_id", "=", userId).execute();
}

export function findAttempts(tx: WriteHandle, subject: Uint8Array): Promise<LoginAttempts | undefined> {
  return tx.selectFrom("login_attempts").selectAll().where("subject", "=", subject).executeTakeFirst();
}

export async function saveAttempts(tx: WriteHandle, attempts: LoginAttempts): Promise<void> {
  const { subject: _subject, ...counted } = attempts;
  await tx
    .insertInto("login_attempts")
    .values(attempts)
    .onConflict((on) => on.column("subject").doUpdateSet(counted))
    .execute();
}

export async function forgetAttempts(tx: WriteHandle, subject: Uint8Array): Promise<void> {
  await tx.deleteFrom("login_attempts").where("subject", "=", subject).execute();
}

export async function forgetAttemptsBefore(tx: WriteHandle, beforeMs: number): Promise<void> {
  await tx.deleteFrom("login_attempts").where("last_ms", "<", beforeMs).execute();
}

/** Attempts at an account from everywhere. Answers from how many networks there were some. */
export async function forgetAttemptsOf(tx: WriteHandle, userId: Uint8Array): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom("login_attempts").where("user_id", "=", userId).executeTakeFirst();
  return Number(numDeletedRows);
}
