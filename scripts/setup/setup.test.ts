import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explainFailure, npmArguments, SetupProblem, withLock } from "./install.mjs";
import {
  isNeeded,
  lockfileHash,
  markerCovers,
  missingPackages,
  readMarker,
  removeMarker,
  writeMarker,
} from "./state.mjs";

const linux = { mode: "start", platform: "linux", arch: "x64", musl: false };

describe("the root's package.json", () => {
  it("asks for the Node that is enough to begin with, so that npx says nothing before our commands do", async () => {
    const text = await readFile(path.resolve(import.meta.dirname, "../../package.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ engines: { node: ">=20" } });
  });
});

describe("what has to be there", () => {
  it("leaves development packages out of a start", () => {
    expect(isNeeded({ dev: true }, linux)).toBe(false);
    expect(isNeeded({ dev: true }, { ...linux, mode: "test" })).toBe(true);
    expect(isNeeded({}, linux)).toBe(true);
  });

  it("takes the binary of this platform only", () => {
    const binary = { optional: true, os: ["linux"], cpu: ["x64"] };
    expect(isNeeded(binary, linux)).toBe(true);
    expect(isNeeded(binary, { ...linux, arch: "arm64" })).toBe(false);
    expect(isNeeded({ ...binary, libc: ["musl"] }, linux)).toBe(false);
    expect(isNeeded({ ...binary, os: ["!linux"] }, linux)).toBe(false);
    expect(isNeeded({ optional: true, os: "linux", cpu: "x64" }, linux)).toBe(true);
  });

  it("does not wait for a glibc binary on musl", () => {
    expect(isNeeded({ optional: true, os: "linux", cpu: "x64" }, { ...linux, musl: true })).toBe(false);
  });
});

describe("the marker", () => {
  const wanted = { mode: "start", lockfile: "a", machine: "linux-x64" };

  it("of a test serves a start, and not the reverse", () => {
    expect(markerCovers({ ...wanted, mode: "test" }, wanted)).toBe(true);
    expect(markerCovers(wanted, { ...wanted, mode: "test" })).toBe(false);
  });

  it("is void after a change of the lockfile or of the machine", () => {
    expect(markerCovers(wanted, { ...wanted, lockfile: "b" })).toBe(false);
    expect(markerCovers(wanted, { ...wanted, machine: "linux-arm64" })).toBe(false);
    expect(markerCovers(undefined, wanted)).toBe(false);
  });
});

describe("npm's arguments", () => {
  it("fill an empty tree exactly, and add to one that may be in use", () => {
    expect(npmArguments("start", { exists: false, hasDev: false })).toEqual(
      expect.arrayContaining(["ci", "--omit=dev"]),
    );
    expect(npmArguments("test", { exists: true, hasDev: false })).toEqual(
      expect.arrayContaining(["install", "--include=dev"]),
    );
    expect(npmArguments("test", { exists: true, hasDev: false })).not.toContain("ci");
  });

  it("never take the development packages away again", () => {
    expect(npmArguments("start", { exists: true, hasDev: true })).not.toContain("--omit=dev");
  });

  it("H5 never run install scripts", () => {
    for (const mode of ["start", "test"]) {
      for (const exists of [true, false])
        expect(npmArguments(mode, { exists, hasDev: false })).toContain("--ignore-scripts");
    }
  });
});

describe("a failure of npm", () => {
  it.each([
    ["npm error code ENOSPC", /disk is full/],
    ["npm error code EAI_AGAIN", /registry could not be reached/],
    ["npm error code EACCES", /may not write/],
    ["npm error code EINTEGRITY", /not the one the lockfile names/],
    ["spawn npm ENOENT", /npm was not found/],
  ])("%s becomes a sentence", (output, sentence) => {
    expect(explainFailure(output)).toMatch(sentence);
  });

  it("that is not known is left to npm's own words", () => {
    expect(explainFailure("npm error code EUSAGE")).toBeUndefined();
  });
});

describe("in a project folder", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), "excalibur-setup-"));
    await mkdir(path.join(root, "node_modules/one"), { recursive: true });
    await writeFile(path.join(root, "node_modules/one/package.json"), "{}");
    await writeLock("package-lock.json", "hash-1");
    await writeLock("node_modules/.package-lock.json", "hash-1");
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  function writeLock(file: string, integrity: string): Promise<void> {
    const packages = { "": {}, core: {}, "node_modules/one": { version: "1.0.0", integrity } };
    return writeFile(path.join(root, file), JSON.stringify({ packages }));
  }

  it("finds nothing missing when npm has installed what is locked", () => {
    expect(missingPackages(root, linux)).toEqual([]);
  });

  it("finds a package of another version, and one whose folder is gone", async () => {
    await writeLock("package-lock.json", "hash-2");
    expect(missingPackages(root, linux)).toEqual(["node_modules/one"]);
    await writeLock("package-lock.json", "hash-1");
    await rm(path.join(root, "node_modules/one"), { recursive: true });
    expect(missingPackages(root, linux)).toEqual(["node_modules/one"]);
  });

  it("finds everything missing when npm never finished", async () => {
    await rm(path.join(root, "node_modules/.package-lock.json"));
    expect(missingPackages(root, linux)).toEqual(["everything"]);
  });

  it("remembers the marker until it is removed", () => {
    const marker = { mode: "start", lockfile: lockfileHash(root), machine: "linux-x64" };
    writeMarker(root, marker);
    expect(readMarker(root)).toEqual(marker);
    removeMarker(root);
    expect(readMarker(root)).toBeUndefined();
  });

  it("lets one setup work at a time", async () => {
    const order: string[] = [];
    const first = withLock(root, async () => {
      order.push("first begins");
      await new Promise((resolve) => setImmediate(resolve));
      order.push("first ends");
    });
    const second = withLock(root, async () => order.push("second"));
    await Promise.all([first, second]);
    expect(order).toEqual(["first begins", "first ends", "second"]);
  });

  it("takes over the lock of a process that is gone", async () => {
    await writeFile(path.join(root, ".excalibur-setup.lock"), "999999999");
    await expect(withLock(root, async () => "done")).resolves.toBe("done");
  });

  it("says which folder cannot be written", async () => {
    const gone = path.join(root, "gone");
    await expect(withLock(gone, async () => "done")).rejects.toThrow(SetupProblem);
    await expect(withLock(gone, async () => "done")).rejects.toThrow(gone);
  });
});
