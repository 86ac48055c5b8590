import { networkInterfaces } from "node:os";

/** `scheme://host[:port]`, ASCII, lower case, default port left out: as browsers and our clients write it. */
function originOf(url: string): string {
  return new URL(url).origin;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function isEverywhere(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** The address people type for a server that listens here. */
export function localOrigin(host: string, port: number): string {
  return originOf(`http://${isEverywhere(host) ? "127.0.0.1" : bracketed(host)}:${port}`);
}

/**
 * The origins the server calls its own. A session is bound to one of them, so that a signature made for a look-alike
 * address is worth nothing here.
 */
export function ownOrigins(options: {
  host: string;
  port: number;
  publicUrls: readonly string[];
}): ReadonlySet<string> {
  const { host, port, publicUrls } = options;
  const hosts = new Set<string>([host]);
  if (isLoopback(host) || isEverywhere(host)) for (const name of ["127.0.0.1", "localhost", "::1"]) hosts.add(name);
  if (isEverywhere(host)) {
    for (const { address } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
      // Link-local addresses carry a zone, which no browser puts into an origin.
      if (!address.startsWith("fe80:")) hosts.add(address);
    }
  }
  const local = [...hosts]
    .filter((name) => !isEverywhere(name))
    .map((name) => originOf(`http://${bracketed(name)}:${port}`));
  return new Set([...local, ...publicUrls.map(originOf)]);
}

/** What proxies may have cut off: the paths of the public addresses, and nothing. */
export function publicPrefixes(publicUrls: readonly string[]): readonly string[] {
  return [...new Set(["", ...publicUrls.map((url) => new URL(url).pathname.replace(/\/+$/, ""))])];
}
