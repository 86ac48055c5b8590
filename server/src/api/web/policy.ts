/**
 * What the web client may do: its own files and this server, nothing else. Scripts are files of the build, never text;
 * strings become HTML or the address of a program only through the client's own rules (trusted types). Ionic puts the
 * styles of some elements into the page, which only the nonce of this answer allows.
 */
export function clientPolicy(styleNonce?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self' blob:",
    `style-src 'self'${styleNonce === undefined ? "" : ` 'nonce-${styleNonce}'`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "trusted-types excalibur default",
    "require-trusted-types-for 'script'",
  ].join("; ");
}
