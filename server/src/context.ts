/** The composition root: chooses implementations, builds services, hands them to the api. The only file that knows them all. */

import { isIP } from "node:net";
import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import type { Logger } from "pino";
import type { VerifierPorts } from "./auth/request-verifier.ts";
import type { Config } from "./config/config.ts";
import { dataFolderAt, prepareDataFolder } from "./config/data-folder.ts";
import { machineNames, ownNames, ownOrigins, publicPrefixes } from "./config/origins.ts";
import { openSecrets } from "./config/secrets.ts";
import { lockDataFolder, type ServerLock } from "./config/server-lock.ts";
import { type Database, migrate, openDatabase } from "./db/index.ts";
import { createJobs, type JobRunner } from "./jobs/index.ts";
import { addGauges, createMeters, type Meters } from "./metrics/index.ts";
import { type Announcer, inProcessAnnouncer } from "./realtime/index.ts";
import { type Accounts, createAccounts } from "./services/accounts/index.ts";
import { createAuditLog } from "./services/audit/audit-log.ts";
import { auditQuotaRefusals } from "./services/audit/quota-refusals.ts";
import { createHealth, type Health } from "./services/health/health.ts";
import { createLinks, type Links } from "./services/links/index.ts";
import { createMutation, type Mutation } from "./services/mutation.ts";
import { createNotices } from "./services/notices/notices.ts";
import { createObjects, type Objects } from "./services/objects/index.ts";
import { createRealtime, type Realtime } from "./services/realtime/index.ts";
import { createRequests, type Requests } from "./services/requests/index.ts";
import { createUploads, type Uploads } from "./services/uploads/index.ts";
import { createVolumes, type Volumes } from "./services/volumes/index.ts";
import { type BlobStore, openDiskBlobStore } from "./storage/index.ts";
import type { LocalTls } from "./tls/index.ts";
import { openWebClient, type WebClient } from "./web/index.ts";

export { surveyObjectsFolder as surveyStorage } from "./storage/index.ts";

/** What endpoints may call. */
export interface Services {
  readonly accounts: Accounts;
  readonly health: Health;
  readonly links: Links;
  readonly objects: Objects;
  readonly realtime: Realtime;
  readonly requests: Requests;
  readonly uploads: Uploads;
  readonly volumes: Volumes;
  readonly clock: () => number;
}

export interface Context {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly announcer: Announcer;
  /** Not running yet. */
  readonly jobs: JobRunner;
  readonly services: Services;
  /** undefined when nobody wants figures: then nothing is counted. */
  readonly meters: Meters | undefined;
  readonly mutation: Mutation;
  readonly verifier: VerifierPorts;
  readonly lock: ServerLock;
  /** Which run of the server this is: without meaning, new at each start. */
  readonly instance: string;
  /** With `https` only. */
  readonly tls: LocalTls | undefined;
  /** undefined: none is built; a page says how to use the server without. */
  readonly webClient: WebClient | undefined;
  /** Called once the port is known: it belongs to the origins that sessions are bound to. */
  listening(address: { readonly port: number }): void;
  /** Whether this server is reached under that origin; known once it listens. */
  isOwnOrigin(origin: string): boolean;
  /** The secrets file was missing although there are accounts: passwords are lost, recovery words work. */
  readonly secretsWereLost: boolean;
  close(): Promise<void>;
}

export interface ContextOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: () => number;
  /** Where the web client was built to. */
  readonly webFolder?: string | undefined;
}

/** What is private by its ending: no public site has such a name, so an authority may vouch for all of it. */
const PRIVATE_DOMAINS = ["localhost", "local", "lan", "home.arpa", "internal"];

/** The library behind it takes a tenth of a second to load, so only who wants HTTPS waits for it. */
async function openTls({ config, log, clock }: ContextOptions): Promise<LocalTls | undefined> {
  if (!config.https) return undefined;
  const { openLocalTls } = await import("./tls/index.ts");
  const publicNames = config.publicUrls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ""));
  const machine = machineNames();
  return await openLocalTls({
    dataFolder: config.dataFolder,
    names: () => [...ownNames(), ...publicNames],
    domains: [...new Set([...PRIVATE_DOMAINS, ...machine, ...publicNames.filter((name) => isIP(name) === 0)])],
    label: machine[0] ?? "this machine",
    clock,
    onUnwritten: (error) => log.error({ err: error }, "the new certificate is in use but could not be written down"),
  });
}

/** Opens everything, in an order in which whatever fails leaves nothing open and nothing half made. */
export async function createContext({ config, log, clock, webFolder }: ContextOptions): Promise<Context> {
  const folder = dataFolderAt(config.dataFolder);
  const opened = new AsyncDisposableStack();
  try {
    const webClient = webFolder === undefined ? undefined : await openWebClient(webFolder);
    await prepareDataFolder(folder);
    const lock = await lockDataFolder(folder);
    opened.defer(() => lock.release());
    const meters = config.metrics.port === null ? undefined : createMeters();
    const database = await openDatabase(config.database, meters?.query);
    opened.defer(() => database.close());
    const { applied, copy } = await migrate(database);
    if (applied.length > 0) log.info({ applied, copy }, "database migrated");
    const blobs = await openDiskBlobStore({ directory: folder.objectsFolder });
    opened.defer(() => blobs.close());

    const { secrets, madeNew } = await openSecrets(folder);
    const announcer = inProcessAnnouncer();
    const mutation = createMutation({ database, clock });
    const tls = await openTls({ config, log, clock });
    let port: number | undefined;
    // Asked each time: the networks a machine is in change while it runs.
    const origins = () => (port === undefined ? new Set<string>() : ownOrigins({ ...config, port }));
    const accounts = createAccounts({ database, clock, log, secrets, config, announcer, origins });
    const uploads = createUploads({ database, blobs, clock });
    opened.defer(() => uploads.close());
    const realtime = createRealtime({
      ...{ database, announcer, clock },
      isSessionLive: async (sessionId) => (await accounts.findSession(fromBase64Url(sessionId))) !== undefined,
      report: (error) => log.error({ err: error }, "an announcement was not delivered"),
    });
    opened.defer(() => realtime.close());
    const objects = createObjects({ database, blobs, clock });
    const unsubscribe = announcer.subscribe((announcement) => {
      if (announcement.type !== "members" || announcement.gone.length === 0) return;
      objects
        .cutOff(announcement.gone)
        .catch((error: unknown) => log.error({ err: error }, "a download was not looked at after a removal"));
    });
    opened.defer(unsubscribe);
    const links = createLinks({
      ...{ database, announcer, clock, origins },
      report: (error) => log.warn({ err: error }, "the use of a visitor's session was not written down"),
    });
    opened.defer(() => links.close());
    const jobs = createJobs({ database, blobs, objects, uploads, clock, log, settings: config.jobs });
    opened.defer(() => jobs.stop());
    const notices = createNotices({
      database,
      deliver: async ({ kind, subject }) => {
        if (kind === "session-ended") announcer.announce({ type: kind, sessionId: subject });
        else await uploads.forgetAccount(fromBase64Url(subject));
      },
      report: (error) => log.error({ err: error }, "what was changed from beside the server did not take effect in it"),
    });
    await notices.begin();
    opened.defer(() => notices.close());
    const audit = createAuditLog({
      ...{ database, clock },
      report: (error) => log.error({ err: error }, "an entry of the audit log was not written"),
    });
    await audit.begin();
    opened.defer(() => audit.close());
    const unaudited: Omit<Services, "requests"> = {
      ...{ accounts, links, objects, realtime, uploads, clock },
      health: createHealth({
        ...{ database, blobs, clock, settings: config.health },
        report: (error) => log.error({ err: error }, "a check of health could not be made"),
      }),
      volumes: createVolumes({ database, announcer, clock }),
    };
    const audited = auditQuotaRefusals(unaudited, audit);
    const requests = createRequests({ ...{ database, announcer, clock, origins }, ...audited });
    const services: Services = { ...audited, requests };
    if (meters) addGauges(meters.registry, { database, blobs, clock, realtime, health: services.health });
    const secretsWereLost = madeNew && (await accounts.exist());
    const findSession: VerifierPorts["findSession"] = async (id) =>
      (await accounts.findSession(id)) ?? (await requests.findSender(id)) ?? (await links.findSession(id));
    const verifier = { clock, findSession, publicPrefixes: publicPrefixes(config.publicUrls) };
    const instance = toBase64Url(randomBytes(16));
    const close = opened.move();
    return {
      ...{ config, log, database, blobs, announcer, jobs, services, mutation, verifier, lock, tls, meters },
      ...{ instance, secretsWereLost, webClient },
      isOwnOrigin: (origin) => origins().has(origin),
      listening: (address) => {
        ({ port } = address);
      },
      close: () => close.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** What commands do with objects while no server runs: the same jobs on the same folder, under the same lock. */
export interface Workshop extends AsyncDisposable {
  readonly jobs: JobRunner;
}

/** @throws StartError already_running while a server, or another command, has the folder */
export async function openWorkshop({
  config,
  database,
  log,
  clock,
}: ContextOptions & { readonly database: Database }): Promise<Workshop> {
  const folder = dataFolderAt(config.dataFolder);
  await using opened = new AsyncDisposableStack();
  const lock = await lockDataFolder(folder);
  opened.defer(() => lock.release());
  const blobs = await openDiskBlobStore({ directory: folder.objectsFolder });
  opened.defer(() => blobs.close());
  const uploads = createUploads({ database, blobs, clock });
  opened.defer(() => uploads.close());
  const objects = createObjects({ database, blobs, clock });
  const jobs = createJobs({ database, blobs, objects, uploads, clock, log, settings: config.jobs });
  opened.defer(() => jobs.stop());
  const close = opened.move();
  return { jobs, [Symbol.asyncDispose]: () => close.disposeAsync() };
}
