import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StartError } from "../config/start-error.ts";
import { createAuthority, issueCertificate } from "./issue.ts";
import { type KeyPair, type LocalTlsOptions, openLocalTls } from "./local-tls.ts";
import { keyFromPem, x509 } from "./x509.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 1);

let folder: string;
let unwritten: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "excalibur-test-"));
  unwritten = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(options: Partial<LocalTlsOptions> = {}) {
  return openLocalTls({
    dataFolder: folder,
    names: () => ["localhost", "127.0.0.1", "::1", "192.168.1.5", "cellar", "cellar.local"],
    domains: ["localhost", "local", "cellar"],
    label: "cellar",
    clock: () => NOW_MS,
    onUnwritten: (error) => void unwritten.push(error),
    ...options,
  });
}

const leafOf = ({ current }: { current: KeyPair }) => new X509Certificate(current.cert);
const inTls = (name: string) => join(folder, "tls", name);

describe("a certificate of one's own", () => {
  it("covers every name and address, for no longer than phones accept, and its keys are for the owner only", async () => {
    const tls = await open();
    const leaf = leafOf(tls);
    for (const name of ["localhost", "cellar", "cellar.local"])
      expect([name, leaf.checkHost(name)]).toEqual([name, name]);
    for (const ip of ["127.0.0.1", "::1", "192.168.1.5"]) expect([ip, leaf.checkIP(ip)]).toEqual([ip, ip]);
    const authority = new X509Certificate(tls.authorityPem);
    expect([authority.ca, leaf.ca, leaf.verify(authority.publicKey)]).toEqual([true, false, true]);
    expect((Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY_MS).toBeLessThanOrEqual(397);
    expect(tls.fingerprint).toBe(`sha256:${authority.fingerprint256.replaceAll(":", "").toLowerCase()}`);
    for (const file of ["authority.key", "server.pem"]) expect((await stat(inTls(file))).mode & 0o777).toBe(0o600);
    expect((await stat(inTls(""))).mode & 0o777).toBe(0o700);
    expect(await readFile(inTls("server.pem"), "utf8")).not.toContain(await readFile(inTls("authority.key"), "utf8"));
  });

  it("stays the same when nothing asks for another", async () => {
    const first = await open();
    const again = await open();
    expect(again.current).toEqual(first.current);
    expect(await again.renew()).toBe(false);
  });

  it.each([
    ["an address came", { names: () => ["localhost", "10.0.0.7", "fd00::0:7"] }, true],
    ["an address went", { names: () => ["localhost"] }, false],
    ["a name came that the authority may not vouch for", { names: () => ["drive.example.org", "localhost"] }, false],
    ["two thirds of its time are over", { clock: () => NOW_MS + 121 * DAY_MS }, true],
    ["half of its time is over", { clock: () => NOW_MS + 90 * DAY_MS }, false],
    ["it has expired while the server ran", { clock: () => NOW_MS + 1000 * DAY_MS }, true],
    ["the clock was set back by years", { clock: () => NOW_MS - 1000 * DAY_MS }, true],
  ])(
    "when %s it is renewed as needed, and the authority stays",
    async (_, change: Partial<LocalTlsOptions>, isRenewed) => {
      const before = await open();
      let options: Partial<LocalTlsOptions> = {};
      const tls = await open({
        names: () => (options.names ?? (() => ["localhost"]))(),
        clock: () => (options.clock ?? (() => NOW_MS))(),
      });
      options = change;
      expect(await tls.renew()).toBe(isRenewed);
      expect(tls.authorityPem).toBe(before.authorityPem);
      const nowMs = (options.clock ?? (() => NOW_MS))();
      expect(Date.parse(leafOf(tls).validFrom)).toBeLessThanOrEqual(nowMs);
      expect(Date.parse(leafOf(tls).validTo)).toBeGreaterThan(nowMs);
      // What is in use is what the next start finds.
      expect((await open({ names: () => ["localhost"], ...change })).current).toEqual(tls.current);
    },
  );

  it("is replaced when its file is damaged or holds another key", async () => {
    const tls = await open();
    const good = await readFile(inTls("server.pem"), "utf8");
    const { keyPem } = await createAuthority({ dnsNames: ["x"], label: "x" });
    const anotherKey = good.replace(/-----BEGIN PRIVATE KEY[\s\S]*/, keyPem);
    for (const damaged of [
      "",
      "nonsense",
      good.slice(0, 300),
      good.replace(/.{20}\n-----END CERT/, "\n-----END CERT"),
      anotherKey,
    ]) {
      await writeFile(inTls("server.pem"), damaged);
      const opened = await open();
      expect(opened.current).not.toEqual(tls.current);
      expect(opened.authorityPem).toBe(tls.authorityPem);
      expect(leafOf(opened).verify(new X509Certificate(tls.authorityPem).publicKey)).toBe(true);
    }
  });

  it("is in use even when it cannot be written down", async () => {
    let names = ["localhost"];
    const tls = await open({ names: () => names });
    names = ["localhost", "10.0.0.8"];
    await rm(inTls(""), { recursive: true });
    expect(await tls.renew()).toBe(true);
    expect(leafOf(tls).checkIP("10.0.0.8")).toBe("10.0.0.8");
    expect(unwritten).toHaveLength(1);
  });
});

describe("the authority", () => {
  it("is never replaced behind the backs of those who trust it", async () => {
    await open();
    const good = await readFile(inTls("authority.key"), "utf8");
    const { keyPem } = await createAuthority({ dnsNames: ["x"], label: "x" });
    for (const damaged of ["", good.slice(0, 100), keyPem]) {
      await writeFile(inTls("authority.key"), damaged);
      await expect(open()).rejects.toThrow(expect.objectContaining({ code: "tls_unreadable" }));
      expect(await readFile(inTls("authority.key"), "utf8")).toBe(damaged);
    }
    await rm(inTls("authority.key"));
    await expect(open()).rejects.toThrow(StartError);
    await writeFile(inTls("authority.key"), good);
    await rm(inTls("authority.crt"));
    await expect(open()).rejects.toThrow("belong together");
  });

  it("is good whatever the clock said when it was made", async () => {
    const { authorityPem } = await open({ clock: () => Date.UTC(1970, 0, 1) });
    const authority = new X509Certificate(authorityPem);
    expect(Date.parse(authority.validFrom)).toBeLessThan(NOW_MS);
    expect(Date.parse(authority.validTo)).toBeGreaterThan(NOW_MS + 20 * 365 * DAY_MS);
  });

  it("cannot vouch for a name that is not this machine's, even with its key stolen", async () => {
    const { authorityPem } = await open();
    const certificate = new x509.X509Certificate(authorityPem);
    const stolen = { certificate, key: await keyFromPem(await readFile(inTls("authority.key"), "utf8")) };
    const reach = async (name: string) => {
      const { certificatePem, keyPem } = await issueCertificate(stolen, { names: [name], nowMs: Date.now() });
      const server = createServer({ cert: certificatePem, key: keyPem });
      server.on("tlsClientError", () => undefined);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const socket = connect({ port, host: "127.0.0.1", servername: name, ca: authorityPem });
      try {
        await once(socket, "secureConnect");
        return "trusted";
      } catch (error) {
        return (error as Error).message;
      } finally {
        socket.destroy();
        server.close();
      }
    };
    expect(await reach("cellar.local")).toBe("trusted");
    expect(await reach("bank.example.org")).toContain("permitted subtree violation");
  });

  it("says which folder cannot be written", async () => {
    await writeFile(inTls("").replace(/\/$/, ""), "a file");
    await expect(open()).rejects.toThrow(StartError);
    await rm(join(folder, "tls"));
    // Root may write everywhere: there is nothing to see for it.
    if (process.getuid?.() === 0) return;
    await mkdir(join(folder, "tls"), { mode: 0o500 });
    await expect(open()).rejects.toThrow("cannot be used");
    await chmod(join(folder, "tls"), 0o700);
  });

  it("is taken along with the data folder", async () => {
    const { fingerprint } = await open();
    const copy = `${folder}-copy`;
    await cp(folder, copy, { recursive: true });
    expect((await open({ dataFolder: copy })).fingerprint).toBe(fingerprint);
    await rm(copy, { recursive: true });
  });
});
