import { LIMITS } from "@excalibur/core/protocol";
import { createAccount, type TestAccount } from "../account.ts";
import { TestClient } from "../client.ts";
import { inChunks, type OpaqueObject, opaqueBatch, opaqueObject } from "../opaque-object.ts";
import { startTestServer, type TestServer } from "../test-server.ts";
import { openSession, type TestSession } from "../test-session.ts";

/** Alice, who owns everything here; Mallory, who has an account of his own; Dora, whose account is disabled. */
export interface AccessWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly alice: TestAccount;
  readonly mallory: TestAccount;
  readonly sessions: {
    readonly owner: TestSession;
    /** Alice's, who typed her password too long ago to change it. */
    readonly older: TestSession;
    /** Alice's, on a device that she signed out. */
    readonly ended: TestSession;
    readonly stranger: TestSession;
    readonly disabled: TestSession;
  };
  /** Alice's, readable to her. */
  readonly stored: OpaqueObject;
  /** Signs as Alice, through the other test client. */
  readonly client: TestClient;
}

export async function startAccessWorld(options: Parameters<typeof startTestServer>[0] = {}): Promise<AccessWorld> {
  const server = await startTestServer({ signUp: "open", ...options });
  const { running, origin } = server;
  const { database, services } = running.context;
  const [alice, mallory, dora] = [
    await createAccount(running, "alice"),
    await createAccount(running, "mallory"),
    await server.signedIn("dora"),
  ];
  const session = ({ person: { userId } }: TestAccount, more: { signedInMs?: number } = {}) =>
    openSession({ origin, database, userId, ...more });
  const owner = await session(alice);
  const older = await session(alice, { signedInMs: Date.now() - LIMITS.recentSignInMs - 60_000 });
  const ended = await session(alice);
  const stranger = await session(mallory);
  await database.write(async (tx) => {
    const endedId = Buffer.from(ended.sessionId, "base64url");
    await tx.updateTable("sessions").set({ ended_ms: 1 }).where("session_id", "=", endedId).execute();
    await tx.updateTable("accounts").set({ disabled: 1 }).where("user_id", "=", dora.person.userId).execute();
  });
  const stored = opaqueObject(100);
  const { body, signedLeaves } = opaqueBatch([stored]);
  await services.objects.storeBatch({ userId: alice.person.userId, signedLeaves, body: inChunks(body) });
  return {
    ...{ server, alice, mallory, stored },
    sessions: { owner, older, ended, stranger, disabled: dora.session },
    client: new TestClient(origin, { sessionId: owner.sessionId, seed: owner.seed }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
