/** A server's half of accounts in memory, with real OPAQUE, for tests that make it lie. It checks no signature and no limit. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { originHash, sessionBindMessage, verifySessionBindMac } from "@excalibur/core/identity";
import { verifyLabelled } from "@excalibur/core/labels";
import {
  opaqueCreateRegistrationResponse,
  opaqueCreateServerSetup,
  opaqueServerFinishLogin,
  opaqueServerStartLogin,
  randomBytes,
  sha256,
} from "@excalibur/core/primitives";
import {
  API_PREFIX,
  HEADER,
  parseSignatureInput,
  ROUTES,
  type Route,
  type SessionBinding,
  type Slot,
} from "@excalibur/core/protocol";
import { type FakeAnswer, FakeHttp, jsonAnswer, problemAnswer, type SeenRequest } from "./fake-http.ts";

interface StoredAccount {
  readonly userId: string;
  readonly name: string;
  record: Uint8Array;
  slots: Slot[];
  recoveryPublicKey: Uint8Array;
  keyrings: { version: number; generation: number; sealed: string }[];
  readonly homeVolumeId: string;
}

interface Login {
  readonly name: string;
  readonly serverNonce: Uint8Array;
  readonly serverState?: Uint8Array;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies and replies of every route pass through here.
type Json = any;
type Handler = (
  body: Json,
  context: {
    readonly account: StoredAccount;
    readonly sessionId: string;
    readonly params: string[];
    readonly query: URLSearchParams;
  },
) => Promise<Json> | Json;

class Problem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export class FakeAccountServer {
  readonly http: FakeHttp = new FakeHttp((request) => this.#answer(request));
  readonly accounts = new Map<string, StoredAccount>();
  readonly sessions = new Map<string, string>();
  readonly #logins = new Map<string, Login>();
  setup: Uint8Array = new Uint8Array();
  nowMs: () => number;
  /** Changes what a route answers, or throws in its place. */
  mutate: (routeId: string, reply: Json) => Json = (_, reply) => reply;
  /** Runs before a route takes effect; an Error is a broken connection. */
  before: (routeId: string) => Error | undefined = () => undefined;
  /** The same, but the effect has happened. */
  after: (routeId: string) => Error | undefined = () => undefined;

  private constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  static async start(nowMs: () => number): Promise<FakeAccountServer> {
    const server = new FakeAccountServer(nowMs);
    server.setup = await opaqueCreateServerSetup();
    return server;
  }

  /** The same server on other disks: what happens to one does not happen to the other. */
  copy(nowMs: () => number): FakeAccountServer {
    const copy = new FakeAccountServer(nowMs);
    copy.setup = this.setup;
    for (const [name, account] of this.accounts) {
      copy.accounts.set(name, { ...account, slots: [...account.slots], keyrings: [...account.keyrings] });
    }
    for (const [sessionId, name] of this.sessions) copy.sessions.set(sessionId, name);
    return copy;
  }

  /** Ids of the routes that were called, in order, without the well-known ones. */
  get called(): string[] {
    return this.http.requests.flatMap((request) => {
      const id = match(request)?.route.id ?? request.path;
      return request.path.includes("/well-known/") ? [] : [id];
    });
  }

  async #answer(request: SeenRequest): Promise<FakeAnswer | Error> {
    const matched = match(request);
    if (matched === undefined) return problemAnswer(404, "not_found");
    const { route, params } = matched;
    const broken = this.before(route.id);
    if (broken !== undefined) return broken;
    try {
      const body = route.body === undefined ? undefined : request.json();
      const sessionId = parseSignatureInput(request.headers[HEADER.signatureInput] ?? "")?.keyId ?? "";
      const account = this.accounts.get(this.sessions.get(sessionId) ?? "");
      if (route.kind !== "open" && account === undefined) return problemAnswer(401, "session_ended");
      const handler = this.#handlers[route.id];
      if (handler === undefined) return problemAnswer(404, "not_found");
      const context = {
        account: account as StoredAccount,
        sessionId,
        params,
        query: new URLSearchParams(request.query),
      };
      const reply: Json = this.mutate(route.id, await handler(body, context));
      return this.after(route.id) ?? (reply === undefined ? { status: 204 } : jsonAnswer(reply));
    } catch (error) {
      if (error instanceof Problem) return problemAnswer(error.status, error.code);
      throw error;
    }
  }

  readonly #handlers: Record<string, Handler> = {
    getCompatibility: () => ({ api: { minimum: 1, maximum: 1 } }),
    getClock: () => ({ timeMs: this.nowMs() }),
    getVersion: () => ({ name: "excalibur", version: "0.1.0", api: 1, signUp: "invitation" }),

    signUpStart: async ({ name, userId, registrationRequest }) => {
      if (this.accounts.has(name)) throw new Problem(409, "name_taken");
      return { registrationResponse: await this.#registration(userId, registrationRequest) };
    },
    signUp: (body) => {
      const { name, userId } = body;
      const there = this.accounts.get(name);
      if (there !== undefined && there.userId !== userId) throw new Problem(409, "name_taken");
      this.accounts.set(name, {
        userId,
        name,
        record: fromBase64Url(body.registrationRecord),
        slots: body.slots,
        recoveryPublicKey: fromBase64Url(body.recoveryPublicKey),
        keyrings: [{ version: 1, generation: 0, sealed: body.keyring }],
        homeVolumeId: body.homeVolume.volumeId,
      });
      return { userId, admin: true };
    },

    signInStart: async ({ name, loginRequest }) => {
      const account = this.accounts.get(name);
      const userId = account?.userId ?? toBase64Url(sha256(new TextEncoder().encode(name)).slice(0, 16));
      const { serverState, response } = await opaqueServerStartLogin({
        serverSetup: this.setup,
        record: account?.record,
        credentialIdentifier: fromBase64Url(userId),
        request: fromBase64Url(loginRequest),
        identifiers: identifiers(name),
      });
      return { ...this.#login({ name, serverState }), userId, loginResponse: toBase64Url(response) };
    },
    signInFinish: async ({ loginId, loginFinish, session }) => {
      const login = this.#take(loginId);
      const account = login && this.accounts.get(login.name);
      if (login?.serverState === undefined || account === undefined) throw new Problem(401, "sign_in_failed");
      const { name, serverState, serverNonce } = login;
      const opaqueSessionKey = await opaqueServerFinishLogin({
        serverState,
        finish: fromBase64Url(loginFinish),
        identifiers: identifiers(name),
      }).catch(() => {
        throw new Problem(401, "sign_in_failed");
      });
      const message = bindMessage("password", { loginId, serverNonce, account, session });
      const mac = fromBase64Url(session.proof);
      if (!verifySessionBindMac({ opaqueSessionKey, loginId: fromBase64Url(loginId), message, mac }))
        throw new Problem(401, "sign_in_failed");
      return this.#signedIn(account, 1);
    },

    recoveryStart: ({ name }) => ({
      ...this.#login({ name }),
      userId: this.accounts.get(name)?.userId ?? toBase64Url(randomBytes(16)),
    }),
    recoveryFinish: ({ loginId, session }) => {
      const login = this.#take(loginId);
      const account = login && this.accounts.get(login.name);
      if (login === undefined || account === undefined) throw new Problem(401, "recovery_failed");
      const message = bindMessage("recovery", { loginId, serverNonce: login.serverNonce, account, session });
      if (!verifyLabelled("recover", account.recoveryPublicKey, message, fromBase64Url(session.proof)))
        throw new Problem(401, "recovery_failed");
      return this.#signedIn(account, 2);
    },

    passwordStart: async ({ registrationRequest }, { account }) => ({
      registrationResponse: await this.#registration(account.userId, registrationRequest),
    }),
    changePassword: ({ registrationRecord, slot, endOtherSessions }, { account, sessionId }) => {
      account.record = fromBase64Url(registrationRecord);
      account.slots = [...account.slots.filter(({ type }) => type !== 1), slot];
      if (!endOtherSessions) return;
      for (const [id, name] of this.sessions) if (name === account.name && id !== sessionId) this.sessions.delete(id);
    },

    changeRecovery: ({ recoveryPublicKey, slot }, { account }) => {
      account.recoveryPublicKey = fromBase64Url(recoveryPublicKey);
      account.slots = [...account.slots.filter(({ type }) => type !== 2), slot];
    },
    deleteAccount: (_, { account }) => {
      this.accounts.delete(account.name);
      for (const [id, name] of this.sessions) if (name === account.name) this.sessions.delete(id);
    },

    getAccount: (_, { account }) => ({
      ...{
        userId: account.userId,
        name: account.name,
        admin: true,
        homeVolumeId: account.homeVolumeId,
        createdMs: 0,
        usedBytes: 0,
        quotaBytes: null,
      },
      slots: account.slots.map(({ slotId, type }) => ({ slotId, type, createdMs: 0 })),
      keyringVersion: account.keyrings.at(-1)?.version,
    }),
    listSessions: (_, { account, sessionId }) => ({
      sessions: [...this.sessions].flatMap(([id, name]) =>
        name === account.name
          ? [
              {
                sessionId: id,
                deviceName: "a device",
                client: "cli",
                createdMs: 0,
                lastUsedMs: 0,
                current: id === sessionId,
              },
            ]
          : [],
      ),
    }),
    endSession: (_, { params }) => {
      this.sessions.delete(params[0] as string);
    },
    getKeyring: (_, { account }) => account.keyrings.at(-1),
    getKeyringHashes: (_, { account, query }) => ({
      hashes: account.keyrings
        .filter(({ version }) => version > Number(query.get("after")))
        .map(({ sealed }) => toBase64Url(sha256(fromBase64Url(sealed)))),
    }),
    putKeyring: ({ expectedVersion, generation, sealed }, { account }) => {
      if (account.keyrings.at(-1)?.version !== expectedVersion) throw new Problem(409, "version_conflict");
      account.keyrings.push({ version: expectedVersion + 1, generation, sealed });
      return { version: expectedVersion + 1 };
    },
  };

  #login(login: Omit<Login, "serverNonce">) {
    const loginId = toBase64Url(randomBytes(16));
    const serverNonce = randomBytes(32);
    this.#logins.set(loginId, { ...login, serverNonce });
    return { loginId, serverNonce: toBase64Url(serverNonce) };
  }

  #take(loginId: string): Login | undefined {
    const login = this.#logins.get(loginId);
    this.#logins.delete(loginId);
    return login;
  }

  async #registration(userId: string, registrationRequest: string): Promise<string> {
    const request = fromBase64Url(registrationRequest);
    return toBase64Url(
      await opaqueCreateRegistrationResponse({
        serverSetup: this.setup,
        credentialIdentifier: fromBase64Url(userId),
        request,
      }),
    );
  }

  #signedIn(account: StoredAccount, slotType: number) {
    const sessionId = toBase64Url(randomBytes(16));
    this.sessions.set(sessionId, account.name);
    const { userId, name, homeVolumeId } = account;
    return { sessionId, userId, name, homeVolumeId, slot: account.slots.find(({ type }) => type === slotType) };
  }
}

function identifiers(name: string) {
  return { client: `exc:${name}`, server: "excalibur:v1" };
}

function bindMessage(
  action: "password" | "recovery",
  {
    loginId,
    serverNonce,
    account,
    session,
  }: { loginId: string; serverNonce: Uint8Array; account: StoredAccount; session: SessionBinding },
): Uint8Array {
  return sessionBindMessage({
    action,
    serverNonce,
    loginId: fromBase64Url(loginId),
    subjectId: fromBase64Url(account.userId),
    originHash: originHash(session.origin),
    sessionKey: fromBase64Url(session.publicKey),
    deviceName: session.deviceName,
  });
}

function match(request: SeenRequest): { route: Route; params: string[] } | undefined {
  for (const route of ROUTES) {
    const pattern = new RegExp(`^${API_PREFIX}${route.path.replaceAll(/:[A-Za-z]+/g, "([^/]+)")}$`);
    const params = route.method === request.method ? pattern.exec(request.path)?.slice(1) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
