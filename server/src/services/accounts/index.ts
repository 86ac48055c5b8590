import type { Logger } from "pino";
import type { LiveSession } from "../../auth/session.ts";
import type { Config, SignUpPolicy } from "../../config/config.ts";
import type { Secrets } from "../../config/secrets.ts";
import type { Database } from "../../db/index.ts";

export interface Accounts {
  readonly signUpPolicy: SignUpPolicy;
  /** Whether there is any account at all. */
  exist(): Promise<boolean>;
  /** The origins a session may be bound to. */
  setOrigins(origins: ReadonlySet<string>): void;
  findSession(sessionId: Uint8Array): Promise<LiveSession | undefined>;
}

export interface AccountsOptions {
  readonly database: Database;
  readonly clock: () => number;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly config: Pick<Config, "signUp" | "defaultQuotaBytes">;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { database, config } = options;
  return {
    signUpPolicy: config.signUp,
    exist: async () => (await database.read.selectFrom("accounts").select("user_id").limit(1).execute()).length > 0,
    setOrigins: () => undefined,
    findSession: async () => undefined,
  };
}
