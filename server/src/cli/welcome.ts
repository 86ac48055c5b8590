/** What is said when the server runs: where it is reached, and how that is trusted. */

import { hostname } from "node:os";
import { isLoopback, lanOrigins } from "../config/origins.ts";
import type { Config, RunningServer } from "../index.ts";

type Reach = Pick<RunningServer, "origin" | "context">;
type Told = Pick<RunningServer, "origin" | "context" | "metricsUrl">;

function portOf(origin: string): string {
  const { port, protocol } = new URL(origin);
  return port || (protocol === "https:" ? "443" : "80");
}

function lanOf({ origin, context: { config } }: Reach): string[] {
  return lanOrigins({ ...config, port: Number(portOf(origin)) });
}

/** What an invitation names: the public address, else with HTTPS one for other devices, else the one on this machine. */
export function addressForPeople(server: Reach): string {
  const { config } = server.context;
  return config.publicUrls[0] ?? (config.https ? lanOf(server)[0] : undefined) ?? server.origin;
}

/** Three lines that are true for how this server was started without HTTPS of its own. */
function waysToReachIt(config: Config, origin: string): string[] {
  const [https] = config.publicUrls.filter((url) => url.startsWith("https:"));
  const port = portOf(origin);
  const proxy = `start with --https, or put an HTTPS proxy in front of port ${port} and start with --public-url https://YOUR.NAME`;
  const onlyHere = isLoopback(config.host);
  return [
    `  Phones            ${https ? `open ${https}` : `need HTTPS: ${proxy}`}`,
    onlyHere
      ? `  Other computers   ssh -N -L ${port}:127.0.0.1:${port} ${hostname()}   and there use ${origin}; or --https`
      : `  Other computers   use this machine's name or address with port ${port}${https ? `, or ${https}` : " (plain http: fine for the command line, not for browsers)"}`,
    `  Remote machines   ${https ? `use ${https}` : `the same ssh line over the internet, or as for phones`}`,
  ];
}

function waysOverHttps(server: Reach, fingerprint: string): string[] {
  const { config } = server.context;
  const lan = lanOf(server);
  const [first] = [...config.publicUrls, ...lan];
  const only = "only this machine is listened to: start with --host 0.0.0.0";
  return [
    `  Phones            ${first ? `open ${first}, once they trust this server (below)` : only}`,
    `  Other computers   ${lan.join(", ") || only}`,
    `  Remote machines   ssh -N -L ${portOf(server.origin)}:127.0.0.1:${portOf(server.origin)} ${hostname()}   and there use ${server.origin}`,
    `  Authority         ${fingerprint}`,
    `  To trust it       fetch ${first ?? server.origin}/authority.crt, compare the fingerprint, install it: docs/operate/reach.md.`,
    "                    The command line asks by itself, once.",
  ];
}

export function welcome(server: Told): string {
  const { metricsUrl } = server;
  const { config, tls } = server.context;
  return [
    "Excalibur is running. Ctrl-C stops it.",
    `  Data folder       ${config.dataFolder}`,
    `  Address           ${server.origin}`,
    ...(metricsUrl === undefined ? [] : [`  Metrics           ${metricsUrl}`]),
    ...(tls ? waysOverHttps(server, tls.fingerprint) : waysToReachIt(config, server.origin)),
  ].join("\n");
}

/** For the camera of a phone, in characters of half a square. */
export async function qrCode(address: string): Promise<string> {
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(address, { border: 2 });
}
