export interface AppPolicyOptions {
  /** Styles that libraries put into the page have it; undefined: all may. */
  readonly styleNonce?: string | undefined;
  /** The only one that may be asked; undefined: none is chosen yet, so that any may be looked for. */
  readonly server?: string | undefined;
}

/** An address in this device, which no certificate can name. */
const LOCAL = ["http://localhost:*", "http://127.0.0.1:*"];

/** What the pages of the app may do: as those of a server, but that the server is another origin. */
export function appPolicy({ styleNonce, server }: AppPolicyOptions): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    `connect-src 'self' ${askable(server)}`,
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self' blob:",
    `style-src 'self' ${styleNonce === undefined ? "'unsafe-inline'" : `'nonce-${styleNonce}'`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "trusted-types excalibur default",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

function askable(server: string | undefined): string {
  const sockets = (origin: string): string => origin.replace(/^http/, "ws");
  if (server !== undefined) {
    const { origin } = new URL(server);
    return `${origin} ${sockets(origin)}`;
  }
  return ["https:", "wss:", ...LOCAL, ...LOCAL.map(sockets)].join(" ");
}
