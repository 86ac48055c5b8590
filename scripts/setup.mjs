// node scripts/setup.mjs start|test FILE [ARGUMENT…]
// Installs what is missing to run or to test, then runs FILE on the pinned Node. This is what `npm start` and `npm test` call.
// It must parse and speak on any Node of the last years, so: old syntax, no "node:" imports, nothing from node_modules.
import childProcess from "child_process";
import fs from "fs";
import path from "path";
import url from "url";
import launcher from "./launch.cjs";
import { install, SetupProblem, withLock } from "./setup/install.mjs";
import {
  describeTree,
  lockfileHash,
  markerCovers,
  missingPackages,
  readMarker,
  removeMarker,
  writeMarker,
} from "./setup/state.mjs";

const LOWEST_TO_INSTALL = 20;
const root = path.resolve(path.dirname(url.fileURLToPath(import.meta.url)), "..");

function checkNode() {
  const major = launcher.majorOf(process.versions.node);
  if (major < LOWEST_TO_INSTALL) {
    throw new SetupProblem(
      "Excalibur needs Node 20 or newer to begin with, and this is Node " +
        process.versions.node +
        ". Install one from https://nodejs.org (or your system's package) and run the command again.",
    );
  }
  if (launcher.pinnedPackage() !== undefined || major >= launcher.LOWEST_MAJOR) return;
  throw new SetupProblem(
    launcher.usesMusl()
      ? "This system uses musl libc (Alpine), for which Excalibur cannot bring its own Node. Install Node " +
          launcher.LOWEST_MAJOR +
          " or newer from the system (apk add nodejs npm) and run the command again, or use a system with glibc such as Debian."
      : "Excalibur cannot bring its own Node for " +
          process.platform +
          " on " +
          process.arch +
          ". Install Node " +
          launcher.LOWEST_MAJOR +
          " or newer and run the command again.",
  );
}

/** On a system whose libc is too old, or not glibc, the pinned Node must not stand in PATH before one that works. */
function checkPinnedNode() {
  const pinned = launcher.findPinnedNode(root);
  if (pinned !== undefined && childProcess.spawnSync(pinned, ["--version"]).status === 0) return;
  if (launcher.majorOf(process.versions.node) < launcher.LOWEST_MAJOR) {
    throw new SetupProblem(
      "The Node that Excalibur brings along does not run on this system (is it older than Debian 10?). Install Node " +
        launcher.LOWEST_MAJOR +
        " or newer and run the command again.",
    );
  }
  ["node", "node.cmd", "node.ps1"].forEach((name) => {
    fs.rmSync(path.join(root, "node_modules", ".bin", name), { force: true });
  });
}

async function ensureInstalled(mode) {
  const wanted = {
    mode: mode,
    lockfile: lockfileHash(root),
    machine: process.platform + "-" + process.arch,
    platform: process.platform,
    arch: process.arch,
    musl: launcher.usesMusl(),
  };
  const isReady = () => markerCovers(readMarker(root), wanted);
  const markReady = () => writeMarker(root, { mode: mode, lockfile: wanted.lockfile, machine: wanted.machine });
  if (isReady()) return;
  if (missingPackages(root, wanted).length === 0) {
    markReady();
    return;
  }
  await withLock(root, async () => {
    if (isReady()) return;
    console.log(
      mode === "test"
        ? "Installing what testing needs; this happens once."
        : "Installing what running needs; this happens once.",
    );
    const began = Date.now();
    removeMarker(root);
    await install(root, mode, Object.assign(describeTree(root), { musl: wanted.musl }));
    checkPinnedNode();
    markReady();
    console.log("Installed in " + Math.round((Date.now() - began) / 100) / 10 + " s.");
  });
}

/** npm passes SIGTERM to the shell between it and us, which dies of it without a word; without this the server would live on. */
function endWithParent() {
  if (process.platform === "win32" || process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 250);
  watch.unref();
}

async function main() {
  const mode = process.argv[2];
  const file = process.argv[3];
  if ((mode !== "start" && mode !== "test") || file === undefined)
    throw new SetupProblem("Usage: node scripts/setup.mjs start|test FILE [ARGUMENT…]");
  endWithParent();
  checkNode();
  await ensureInstalled(mode);
  launcher.launch({ root: root, entry: path.join(root, file), args: process.argv.slice(4) });
}

main().catch((error) => {
  console.error(error instanceof SetupProblem ? error.message : error);
  process.exit(1);
});
