// What is installed, and is it what the lockfile asks for? Old syntax: see scripts/launch.cjs.
import crypto from "crypto";
import fs from "fs";
import path from "path";

const MARKER = ".excalibur-setup.json";

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    return undefined;
  }
}

export function lockfileHash(root) {
  return crypto
    .createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
}

/** Test mode installs everything that start mode does, so its marker serves both. */
export function markerCovers(marker, wanted) {
  return (
    marker !== undefined &&
    marker.lockfile === wanted.lockfile &&
    marker.machine === wanted.machine &&
    (marker.mode === wanted.mode || marker.mode === "test")
  );
}

export function readMarker(root) {
  return readJson(path.join(root, "node_modules", MARKER));
}

/** A folder that has become read-only costs a little time at every start, nothing else. */
export function writeMarker(root, marker) {
  try {
    fs.writeFileSync(path.join(root, "node_modules", MARKER), JSON.stringify(marker) + "\n");
    return true;
  } catch (error) {
    return false;
  }
}

function fits(list, value) {
  if (list === undefined) return true;
  const all = [].concat(list);
  if (all.indexOf("!" + value) >= 0) return false;
  return all.indexOf(value) >= 0 || all.every((one) => one[0] === "!");
}

/** What npm left in node_modules: whether it finished at all, and whether the packages for development are among it. */
export function describeTree(root) {
  const installed = readJson(path.join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return { exists: false, hasDev: false };
  return {
    exists: true,
    hasDev: Object.keys(installed.packages).some((place) => installed.packages[place].dev === true),
  };
}

/** An interrupted installation must not look finished. */
export function removeMarker(root) {
  fs.rmSync(path.join(root, "node_modules", MARKER), { force: true });
}

/** Whether this package of the lockfile has to be there in this mode on this machine. */
export function isNeeded(entry, wanted) {
  if (entry.link) return true;
  if (entry.dev && wanted.mode !== "test") return false;
  if (!entry.optional) return true;
  const named = entry.os !== undefined && entry.cpu !== undefined;
  return (
    named &&
    !wanted.musl &&
    fits(entry.os, wanted.platform) &&
    fits(entry.cpu, wanted.arch) &&
    fits(entry.libc, "glibc")
  );
}

/** Packages of the lockfile that are absent from node_modules, or there in another version. */
export function missingPackages(root, wanted) {
  const lockfile = readJson(path.join(root, "package-lock.json"));
  const installed = readJson(path.join(root, "node_modules", ".package-lock.json"));
  if (lockfile === undefined || installed === undefined) return ["everything"];
  return Object.keys(lockfile.packages).filter((place) => {
    const entry = lockfile.packages[place];
    if (place.indexOf("node_modules/") < 0 || !isNeeded(entry, wanted)) return false;
    const there = installed.packages[place];
    if (there === undefined || there.integrity !== entry.integrity) return true;
    return !fs.existsSync(path.join(root, place, "package.json"));
  });
}
