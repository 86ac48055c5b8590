/** Accounts: sign-up, sign-in, recovery, password, keyring, sessions, identities. */

import type { Logger } from "pino";
import type { LiveSession } from "../../auth/session.ts";
import { createSessionRegister } from "../../auth/sessions.ts";
import type { Config, SignUpPolicy } from "../../config/config.ts";
import type { Secrets } from "../../config/secrets.ts";
import type { Database } from "../../db/index.ts";
import { anyAccount } from "../../db/stores/accounts.ts";
import type { Announcer } from "../../realtime/index.ts";
import { createDeletion, type Deletion } from "./deletion.ts";
import { createKeyring, type Keyring } from "./keyring.ts";
import { createPassword, type Password } from "./password.ts";
import { createProfile, type Profile } from "./profile.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { createSignUp, type SignUp } from "./sign-up.ts";
import { createStorage } from "./storage.ts";

export interface Accounts {
  readonly signUpPolicy: SignUpPolicy;
  readonly signUp: SignUp;
  readonly signIn: SignIn;
  readonly password: Password;
  readonly recovery: Recovery;
  readonly deletion: Deletion;
  readonly keyring: Keyring;
  readonly profile: Profile;
  readonly storage: ReturnType<typeof createStorage>;
  /** Whether there is any account at all. */
  exist(): Promise<boolean>;
  findSession(sessionId: Uint8Array): Promise<LiveSession | undefined>;
}

export interface AccountsOptions {
  readonly database: Database;
  readonly clock: () => number;
  readonly log: Logger;
  readonly secrets: Secrets;
  readonly announcer: Announcer;
  readonly config: Pick<Config, "signUp" | "defaultQuotaBytes" | "jobs">;
  /** The origins a session may be bound to; known once the server listens. */
  readonly origins: () => ReadonlySet<string>;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const sessions = createSessionRegister(options);
  return {
    signUpPolicy: options.config.signUp,
    signUp: createSignUp(options),
    signIn: createSignIn({ ...options, sessions }),
    password: createPassword(options),
    recovery: createRecovery(options),
    deletion: createDeletion(options),
    keyring: createKeyring(options),
    profile: createProfile({ ...options, sessions }),
    storage: createStorage({ database: options.database, retentionMs: options.config.jobs.retentionMs }),
    exist: () => anyAccount(options.database.read),
    findSession: (sessionId) => sessions.find(sessionId),
  };
}
