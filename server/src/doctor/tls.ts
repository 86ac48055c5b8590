/** Certificates: the server's own, and those that proxies show at the public addresses. */

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { readIfThere } from "../config/data-folder.ts";
import { isLoopback, ownNames } from "../config/origins.ts";
import { tlsFilesIn } from "../config/tls-files.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 10_000;
/** Proxies renew a month before the end; two weeks before it somebody should look. */
const SOON_MS = 14 * DAY_MS;

function daysLeft(certificate: X509Certificate, nowMs: number): number {
  return Math.floor((Date.parse(certificate.validTo) - nowMs) / DAY_MS);
}

function covers(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
}

async function checkOwn({ folder, running, nowMs }: Patient): Promise<Finding> {
  const files = tlsFilesIn(folder.path);
  const [authority, own] = await Promise.all([readIfThere(files.authority), readIfThere(files.server)]);
  const renewed = running === undefined ? "the next start renews it" : "it is renewed within a minute";
  if (authority === undefined || own === undefined) {
    if (running === undefined) return ok("tls", "the first start with https makes authority and certificate");
    return failed(
      "tls",
      `${files.folder} is incomplete although the server runs`,
      "Put the folder back from a backup before the server is started again.",
    );
  }
  const certificate = new X509Certificate(own);
  if (!certificate.verify(new X509Certificate(authority).publicKey)) {
    return failed(
      "tls",
      "the certificate is not signed by this server's authority",
      `Remove ${files.server}; a new one is made.`,
    );
  }
  const left = daysLeft(certificate, nowMs);
  const isNow = Date.parse(certificate.validFrom) <= nowMs && left >= 0;
  const missing = ownNames().filter((name) => !covers(certificate, name));
  if (!isNow)
    return warning(
      "tls",
      `the certificate is not valid now (until ${certificate.validTo})`,
      `If the clock is right, ${renewed}.`,
    );
  if (missing.length > 0)
    return warning(
      "tls",
      `the certificate does not cover ${missing.join(", ")}`,
      `If the authority may vouch for it, ${renewed}.`,
    );
  return ok("tls", `the certificate covers every address of this machine, for ${left} days; it is renewed by itself`);
}

function shown(url: URL): Promise<{ certificate: X509Certificate; problem: string | undefined }> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    // RFC 6066 §3: an address is no server name.
    const name = isIP(host) ? {} : { servername: host };
    const socket = connect({ host, port: Number(url.port || 443), ...name, rejectUnauthorized: false }, () => {
      const raw = socket.getPeerX509Certificate();
      const problem = socket.authorized ? undefined : String(socket.authorizationError);
      socket.destroy();
      if (raw === undefined) reject(new Error("no certificate was shown"));
      else resolve({ certificate: raw, problem });
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`silence for ${TIMEOUT_MS / 1000} s`)));
    socket.on("error", reject);
  });
}

async function checkPublic(url: URL, nowMs: number): Promise<readonly Finding[]> {
  let seen: Awaited<ReturnType<typeof shown>>;
  try {
    seen = await shown(url);
  } catch {
    // Not reached at all: checkPublicUrls says so, and what to do.
    return [];
  }
  const { certificate, problem } = seen;
  const left = daysLeft(certificate, nowMs);
  const until = `its certificate ends in ${left} days`;
  if (left < 0)
    return [
      failed(
        "tls-public",
        `${url.origin}: its certificate has expired`,
        "Renew it, and see why it was not renewed by itself.",
      ),
    ];
  if (problem !== undefined) {
    const advice =
      "Take a certificate of a public authority for that name and send the intermediate ones along; or let people trust your authority on each device.";
    return [warning("tls-public", `${url.origin}: this machine does not trust its certificate (${problem})`, advice)];
  }
  if (left * DAY_MS < SOON_MS)
    return [warning("tls-public", `${url.origin}: ${until}`, "See why the proxy does not renew it.")];
  return [ok("tls-public", `${url.origin}: ${until}`)];
}

export async function checkTls(patient: Patient): Promise<readonly Finding[]> {
  const { config } = patient.settings;
  const publicUrls = config.publicUrls.map((url) => new URL(url)).filter(({ protocol }) => protocol === "https:");
  const found = (await Promise.all(publicUrls.map((url) => checkPublic(url, patient.nowMs)))).flat();
  if (config.https) return [await checkOwn(patient), ...found];
  if (publicUrls.length > 0) return found;
  if (isLoopback(config.host)) return [ok("tls", "none is needed: the server listens on this machine only")];
  return [
    warning(
      "tls",
      "people on the network speak plain http with this server",
      "Start with https, or put an HTTPS proxy in front: docs/operate/reach.md.",
    ),
  ];
}
