import { ExcaliburError, toBase64Url } from "@excalibur/core/bytes";
import type { Accounts, ReadHandle, WriteHandle } from "../../db/index.ts";
import { findAccountByName } from "../../db/stores/accounts.ts";
import { insertNotices } from "../../db/stores/notices.ts";
import { endSessions } from "../../db/stores/sessions.ts";

export type PersonProblem = "no_such_account";

/** What was asked for an account is not possible; the sentence says why and what to do. Nothing was changed. */
export class PersonError extends ExcaliburError {
  declare readonly code: PersonProblem;

  constructor(code: PersonProblem, message: string) {
    super(code, message);
  }
}

/** Whose account, and the server's time. */
export interface PersonChange {
  readonly name: string;
  readonly nowMs: number;
}

/** @throws PersonError no_such_account */
export async function requireAccount(read: ReadHandle, name: string): Promise<Accounts> {
  const account = await findAccountByName(read, name);
  if (account) return account;
  throw new PersonError(
    "no_such_account",
    `Nobody here is called «${name}». Nothing was changed; «excalibur-server user list» names everybody.`,
  );
}

/** Ends them in the database now, and their sockets within a second. Answers how many there were. */
export async function endEverySession(tx: WriteHandle, userId: Uint8Array, nowMs: number): Promise<number> {
  const ended = await endSessions(tx, { userId, nowMs, actor: "operator" });
  const notices = ended.map((id) => ({ kind: "session-ended", subject: toBase64Url(id) }) as const);
  await insertNotices(tx, notices, nowMs);
  return ended.length;
}
