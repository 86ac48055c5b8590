// Runs npm so that nothing of it is seen unless it fails. Old syntax: see scripts/launch.cjs.
import childProcess from "child_process";
import fs from "fs";
import path from "path";

const MIB = 1024 * 1024;
const NEEDED_MIB = { start: 350, test: 800 };

/** A problem that a person can act on: printed as its sentence, without a stack. */
export class SetupProblem extends Error {}

/** npm as it called us, or as it is found in PATH when this file was started by hand. */
function npmCommand(args) {
  const script = process.env.npm_execpath;
  // npx and yarn also set npm_execpath; only npm's own script understands these arguments.
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return { file: process.env.npm_node_execpath || process.execPath, args: [script].concat(args), shell: false };
  }
  return { file: "npm", args: args, shell: process.platform === "win32" };
}

function run(command, options) {
  return new Promise((resolve) => {
    let output = "";
    const collect = (chunk) => {
      output = (output + chunk).slice(-64 * 1024);
    };
    const child = childProcess.spawn(command.file, command.args, {
      cwd: options.cwd,
      env: options.env,
      shell: command.shell,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const stop = () => {
      child.kill();
      process.exit(1);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    const finish = (result) => {
      process.removeListener("SIGINT", stop);
      process.removeListener("SIGTERM", stop);
      resolve(result);
    };
    child.on("error", (error) => finish({ code: -1, output: String(error.message) }));
    child.on("close", (code) => finish({ code: code, output: output }));
  });
}

/** The sentence for what npm said, or undefined if it is nothing that we know. */
export function explainFailure(output) {
  if (/ENOSPC/.test(output)) {
    return "The disk is full. Free some space (about 1 GB is enough) and run the command again.";
  }
  if (/EROFS|EACCES|EPERM/.test(output)) {
    return "npm may not write where it has to (see above). Make the project folder and npm's cache writable for this user and run the command again.";
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/i.test(
      output,
    )
  ) {
    return "The package registry could not be reached. The first run needs the internet (or a registry set in npm's configuration); later ones do not. Connect and run the command again.";
  }
  if (/EINTEGRITY/.test(output)) {
    return "A downloaded package is not the one the lockfile names. Do not ignore this: run `npm cache verify`, and if it happens again, tell us (SECURITY.md).";
  }
  if (/spawn npm ENOENT|npm: not found|not recognized as an internal/.test(output)) {
    return "npm was not found. It comes with Node: install Node 20 or newer from https://nodejs.org, or your system's npm package.";
  }
  return undefined;
}

export function checkWritable(root) {
  const probe = path.join(root, ".excalibur-setup." + process.pid);
  try {
    fs.writeFileSync(probe, "");
    fs.unlinkSync(probe);
  } catch (error) {
    if (error.code === "ENOSPC") throw new SetupProblem(explainFailure("ENOSPC"), { cause: error });
    throw new SetupProblem(
      "The folder " +
        root +
        " cannot be written (" +
        error.code +
        "), and what Excalibur needs is not installed in it yet. " +
        "Clone it where you may write, or run this once as a user who may.",
      { cause: error },
    );
  }
}

export function checkSpace(root, mode) {
  if (typeof fs.statfsSync !== "function") return;
  const stats = fs.statfsSync(root);
  const freeMib = Math.floor((stats.bavail * stats.bsize) / MIB);
  if (freeMib < NEEDED_MIB[mode]) {
    throw new SetupProblem(
      "Too little space in " +
        root +
        ": " +
        freeMib +
        " MiB are free and about " +
        NEEDED_MIB[mode] +
        " MiB are needed. Free some and run the command again.",
    );
  }
}

/** An empty tree is filled by `npm ci`; an existing one is added to and loses nothing, because a running server may be using it. */
export function npmArguments(mode, tree) {
  const action = tree.exists ? ["install", "--no-save"] : ["ci"];
  const groups = mode === "test" || tree.hasDev ? ["--include=dev"] : ["--omit=dev"];
  const optional = tree.musl && mode === "start" ? ["--omit=optional"] : ["--include=optional"];
  return action.concat(groups, optional, [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--loglevel=error",
    // Long enough for a hiccup, short enough to say soon that there is no network.
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
  ]);
}

export async function install(root, mode, tree) {
  checkSpace(root, mode);
  const env = Object.assign({}, process.env, { npm_config_update_notifier: "false" });
  // NODE_ENV=production, and npm's own settings of the calling command, must not decide what is installed.
  delete env.NODE_ENV;
  delete env.npm_config_omit;
  let result = await run(npmCommand(npmArguments(mode, tree)), { cwd: root, env: env });
  if (result.code !== 0 && tree.exists && explainFailure(result.output) === undefined) {
    result = await run(npmCommand(npmArguments(mode, Object.assign({}, tree, { exists: false }))), {
      cwd: root,
      env: env,
    });
  }
  if (result.code === 0) return;
  console.error(result.output.trim());
  throw new SetupProblem(
    explainFailure(result.output) || "npm could not install the dependencies; what it said stands above.",
  );
}

/** Waits while another process installs into the same folder, then runs `work`. */
export async function withLock(root, work) {
  checkWritable(root);
  const lock = path.join(root, ".excalibur-setup.lock");
  let told = false;
  while (!take(lock)) {
    if (!told) console.log("Another setup is running in this folder; waiting for it.");
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isHeld(lock)) return false;
    fs.rmSync(lock, { force: true });
    return take(lock);
  }
}

function isHeld(lock) {
  try {
    const holder = parseInt(fs.readFileSync(lock, "utf8"), 10);
    // Between creating and filling the file there is a moment without a number.
    if (isNaN(holder)) return Date.now() - fs.statSync(lock).mtimeMs < 5000;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
