import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { androidResources } from "../pictures/android.ts";
import { readGrounds, readMark } from "../pictures/mark.ts";
import { syncProjects } from "./sync.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLIENT = path.join(ROOT, "client");
const ANDROID = path.join(CLIENT, "android/app/src/main");
const IOS = path.join(CLIENT, "ios/App");

const read = (...parts: string[]): Promise<string> => readFile(path.join(...parts), "utf8");

/** What is kept of both projects; what `sync` puts beside it is ignored. */
async function keptFiles(): Promise<string[]> {
  const listed = await promisify(execFile)("git", ["ls-files", "-co", "--exclude-standard", "android", "ios"], {
    cwd: CLIENT,
  });
  return listed.stdout.split("\n").filter((file) => file !== "");
}

/** As they lie here; those that the projects name by their path must not be links, which would be followed. */
async function layPackages(folder: string): Promise<void> {
  const [from, to] = [path.join(ROOT, "node_modules"), path.join(folder, "node_modules")];
  const { devDependencies } = JSON.parse(await read(CLIENT, "package.json")) as { devDependencies: object };
  const named = Object.keys(devDependencies).filter((name) => /^@cap/.test(name));
  for (const name of named) await cp(path.join(from, name), path.join(to, name), { recursive: true });
  await symlink(path.join(from, "typescript"), path.join(to, "typescript"), "junction");
}

describe("the projects of the apps", () => {
  it("are as `npm run mobile -- sync` writes them, by today's configuration and versions", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "excalibur-mobile-"));
    try {
      const client = path.join(folder, "client");
      const files = await keptFiles();
      expect(files.length).toBeGreaterThan(25);
      await mkdir(path.join(client, "mobile/dist"), { recursive: true });
      await writeFile(path.join(client, "mobile/dist/index.html"), "<head></head>");
      for (const file of ["package.json", "capacitor.config.ts", ...files]) {
        await cp(path.join(CLIENT, file), path.join(client, file), { recursive: true });
      }
      await layPackages(folder);
      await cp(path.join(ROOT, "package.json"), path.join(folder, "package.json"));
      await syncProjects({ client, isQuiet: true });
      const text = (root: string, file: string) => readFile(path.join(root, file), "latin1");
      for (const file of files) expect(await text(client, file), file).toBe(await text(CLIENT, file));
      const config = JSON.parse(await read(client, "android/app/src/main/assets/capacitor.config.json"));
      expect(config).toMatchObject({
        loggingBehavior: "none",
        server: { androidScheme: "https", hostname: "localhost" },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("have the version of this program", async () => {
    const { version } = JSON.parse(await read(ROOT, "package.json")) as { version: string };
    expect(await read(CLIENT, "android/app/build.gradle")).toContain(`versionName "${version}"`);
    const versions = (await read(IOS, "App.xcodeproj/project.pbxproj")).match(/MARKETING_VERSION = [^;]*/g);
    expect(new Set(versions)).toEqual(new Set([`MARKETING_VERSION = ${version}`]));
  });

  it("on Android ask for the network, always by TLS, and for what recognises a finger, and are in no backup", async () => {
    const manifest = await read(ANDROID, "AndroidManifest.xml");
    expect(manifest.match(/<uses-permission[^>]*>/g)).toEqual([
      '<uses-permission android:name="android.permission.INTERNET" />',
      '<uses-permission android:name="android.permission.USE_BIOMETRIC" />',
    ]);
    for (const promise of [
      'android:allowBackup="false"',
      'android:fullBackupContent="false"',
      'android:dataExtractionRules="@xml/data_extraction_rules"',
      'android:usesCleartextTraffic="false"',
      'android:networkSecurityConfig="@xml/network_security_config"',
    ]) {
      expect(manifest).toContain(promise);
    }
    expect(await read(ANDROID, "res/xml/network_security_config.xml")).toContain('cleartextTrafficPermitted="false"');
    const rules = await read(ANDROID, "res/xml/data_extraction_rules.xml");
    for (const domain of ["root", "file", "database", "sharedpref", "external"]) {
      expect(rules.match(new RegExp(`<exclude domain="${domain}" path="." />`, "g"))).toHaveLength(2);
    }
    expect(rules).not.toContain("<include");
    const shared = (await read(ANDROID, "res/xml/file_paths.xml")).match(/<[a-z-]+-path[^>]*>/g);
    expect(shared).toEqual(['<external-path name="saved" path="Documents/Excalibur/" />']);
  });

  it("on iOS say what they ask for, and ask for no more", async () => {
    const plist = await read(IOS, "App/Info.plist");
    expect(plist.match(/NS[A-Za-z]+UsageDescription/g)).toEqual([
      "NSCameraUsageDescription",
      "NSFaceIDUsageDescription",
      "NSMicrophoneUsageDescription",
    ]);
    expect(plist).not.toContain("NSAppTransportSecurity");
    expect(plist).toMatch(/<key>UIFileSharingEnabled<\/key>\s*<true\/>/);
  });
});

describe("their icons", () => {
  it("on Android are those of the mark and the theme", async () => {
    for (const [file, content] of androidResources(await readMark(), await readGrounds())) {
      expect(await read(ANDROID, "res", file), file).toBe(content);
    }
  });

  it("on iOS are there for every look, in their sizes, the light one without a hole", async () => {
    const assets = path.join(IOS, "App/Assets.xcassets");
    for (const [set, sizePixels] of [
      ["AppIcon.appiconset", 1024],
      ["Splash.imageset", 2732],
    ] as const) {
      const { images } = JSON.parse(await read(assets, set, "Contents.json")) as { images: { filename: string }[] };
      expect(images.length).toBeGreaterThan(1);
      for (const { filename } of images) {
        const png = await readFile(path.join(assets, set, filename));
        // IHDR: width, height, depth of a colour, kind of colours (2: without transparency).
        expect([png.readUInt32BE(16), png.readUInt32BE(20)], filename).toEqual([sizePixels, sizePixels]);
        if (filename === "AppIcon.png" || set === "Splash.imageset") expect(png[25], filename).toBe(2);
      }
    }
  });
});
