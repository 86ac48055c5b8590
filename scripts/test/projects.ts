import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProjectInlineConfiguration } from "vitest/config";

/**
 * Which test file belongs to which stage, by its name:
 * `*.test.ts` runs once · `*.both.test.ts` runs on SQLite and on PostgreSQL · `*.attack.test.ts` (or a folder `attacks`) plays a hostile
 * server, member or network · `*.browser.test.ts` needs a browser · `long` in the name (`*.long.test.ts`) runs in long mode only.
 * Test files share their worker and the modules it has loaded (a seventh of all time went into loading them anew for every file), but
 * for those that replace a module for everything they load: `*.web.test.ts` (the browser's cryptography) and `*.mocked.test.ts`.
 */
export interface VitestStage {
  readonly name: string;
  readonly database: "sqlite" | "postgres";
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

const PRODUCT = "{core,sdk,server,cli}";
const ATTACKS = ["{core,sdk,server,cli,testing}/**/*.attack.test.ts", "testing/**/attacks/**/*.test.ts"];
const BROWSER = "{core,sdk,server,cli,client,testing}/**/*.browser.test.ts";
const MOCKED = "{core,sdk,server,cli,client,testing}/**/*.{web,mocked}.test.ts";
const SPECIAL = "**/*.{both,attack,browser,web,mocked}.test.ts";

export const VITEST_STAGES: readonly VitestStage[] = [
  {
    name: "unit",
    database: "sqlite",
    include: ["{core,sdk,server,cli,client,bench,scripts}/**/*.test.ts"],
    exclude: [SPECIAL],
  },
  { name: "mocked", database: "sqlite", include: [MOCKED], exclude: [] },
  { name: "server-sqlite", database: "sqlite", include: [`${PRODUCT}/**/*.both.test.ts`], exclude: [] },
  { name: "server-postgres", database: "postgres", include: [`${PRODUCT}/**/*.both.test.ts`], exclude: [] },
  { name: "behaviour", database: "sqlite", include: ["testing/**/*.test.ts"], exclude: [...ATTACKS, BROWSER, MOCKED] },
  { name: "behaviour-postgres", database: "postgres", include: ["testing/**/*.both.test.ts"], exclude: ATTACKS },
  { name: "attacks", database: "sqlite", include: ATTACKS, exclude: [] },
  { name: "browser", database: "sqlite", include: [BROWSER], exclude: [] },
];

const NEVER = ["**/node_modules/**", "**/fixtures/**"];
/**
 * Told on SQLite every day, on PostgreSQL too in long mode: what clients do, whatever database keeps it, what a killed server has left on its
 * disk, who may ask what, how accounts are entered (clients do that on PostgreSQL every day, in accounts.both and sign-up.both), and what
 * backups and checks read from the disk (that a backup of PostgreSQL is one is told by restoring it).
 */
const LONG_ON_POSTGRES = [
  "testing/tests/history/**",
  "testing/tests/rejoin.both.test.ts",
  "testing/tests/sharing/**",
  "testing/tests/concurrency.both.test.ts",
  "testing/tests/together.both.test.ts",
  "testing/tests/killed-*.both.test.ts",
  "server/src/api/access.both.test.ts",
  "server/src/api/fuzz.both.test.ts",
  "server/src/services/accounts/accounts.both.test.ts",
  "server/src/backup/back-up.both.test.ts",
  "server/src/backup/power-cut.both.test.ts",
  "server/src/jobs/reading/reading.both.test.ts",
];
const LONG = "**/*.long.{test,both.test,attack.test,browser.test}.ts";

/** The globs that a stage leaves out, given the environment: long tests unless asked for. */
export function excludedGlobs(stage: VitestStage, env: NodeJS.ProcessEnv): string[] {
  if (env["EXCALIBUR_LONG"] === "1") return [...NEVER, ...stage.exclude];
  return [...NEVER, ...stage.exclude, LONG, ...(stage.database === "postgres" ? LONG_ON_POSTGRES : [])];
}

function isWanted(stage: VitestStage, env: NodeJS.ProcessEnv): boolean {
  const asked = env["EXCALIBUR_TEST_STAGE"];
  if (asked !== undefined) return stage.name === asked;
  if (stage.name === "browser") return false;
  return stage.database === "sqlite" || env["EXCALIBUR_TEST_DATABASE"] === "postgres";
}

/** Where Node keeps what it has compiled, for the runner and what it starts. */
export const COMPILED = path.resolve(import.meta.dirname, "../../node_modules/.cache/excalibur-compiled");

const STORIES = new Set(["behaviour", "behaviour-postgres", "attacks", "browser"]);
const STORIES_SETUP = "./testing/global-setup.ts";
const SERVERS = new Set(["unit", "server-sqlite", "server-postgres", "browser"]);
const SERVERS_SETUP = "./server/src/testing/global-setup.ts";

const CLIENT_SETUP = "./client/tests/global-setup.ts";

function globalSetupOf(stage: VitestStage): string[] {
  const postgres = stage.database === "postgres" ? ["./scripts/test/provide-postgres.ts"] : [];
  const hasStories = STORIES.has(stage.name) && existsSync(path.join(import.meta.dirname, "../..", STORIES_SETUP));
  const servers = SERVERS.has(stage.name) ? [SERVERS_SETUP] : [];
  const client = stage.name === "browser" ? [CLIENT_SETUP] : [];
  return [...postgres, ...servers, ...(hasStories ? [STORIES_SETUP] : []), ...client];
}

/** A story in a browser is many steps, each of which may wait long on a busy machine (client/tests/client-world.ts). */
function timeoutMsOf(stage: VitestStage, isLong: boolean): number {
  if (isLong) return 3_600_000;
  return stage.name === "browser" ? 300_000 : 90_000;
}

/**
 * Node loads tests as it loads the program: it strips the types and keeps what it compiled. Vite's own way of running modules made the same
 * code take half as long again. Only a test that replaces modules (`vi.mock`) needs that.
 */
function modulesOf(stage: VitestStage) {
  return stage.name === "mocked" ? {} : { viteModuleRunner: false, nodeLoader: false };
}

/**
 * The runner asks for one stage by EXCALIBUR_TEST_STAGE. A bare `npx vitest run PATH` gets everything that runs on SQLite, and with
 * EXCALIBUR_TEST_DATABASE=postgres what runs on PostgreSQL as well.
 */
export function vitestProjects(env: NodeJS.ProcessEnv): TestProjectInlineConfiguration[] {
  const isLong = env["EXCALIBUR_LONG"] === "1";
  return VITEST_STAGES.filter((stage) => isWanted(stage, env)).map((stage) => ({
    test: {
      name: stage.name,
      include: [...stage.include],
      exclude: excludedGlobs(stage, env),
      environment: "node",
      pool: "forks",
      isolate: stage.name === "mocked",
      experimental: modulesOf(stage),
      // Programs that tests start need not have their TypeScript stripped and compiled anew each time: as in scripts/launch.cjs.
      env: { EXCALIBUR_TEST_DATABASE: stage.database, NODE_COMPILE_CACHE: COMPILED },
      setupFiles: ["./scripts/test/seed-properties.ts", "./scripts/test/name-second-tries.ts"],
      globalSetup: globalSetupOf(stage),
      testTimeout: timeoutMsOf(stage, isLong),
      hookTimeout: 180_000,
      // What is waited for comes, on a busy machine later: never the second that is usual.
      expect: { poll: { timeout: 60_000 } },
      // On a busy build machine one story out of hundreds may meet bad luck; the output names what needed a second try.
      retry: env["CI"] ? 1 : 0,
    },
  }));
}

/** One more than there are cores, never fewer than three: much of a test's time is waiting, for programs that it started and for disks. */
export const WORKERS = Math.max(3, os.availableParallelism() + 1);
