/**
 * [Note: Trusted types]
 * The page's policy turns every string that would become HTML or the address of a program into an error. Two ways lead
 * past it, both here, both for bytes of this build only: our own workers, and nothing at all (an element that a library
 * empties). Imported first, before any library runs.
 */

interface PolicyFactory {
  createPolicy(name: string, rules: Readonly<Record<string, (text: string) => string | null>>): unknown;
}

const OWN_PROGRAM = /^\/(assets\/[A-Za-z0-9._-]+\.js|service-worker\.js)$/;

/** null: refused. */
export function allowProgram(address: string, origin: string): string | null {
  const [url, here] = [URL.parse(address, origin), new URL(origin)];
  // Not by their origins: of schemes that are no standard's, an app's on iOS, URL knows none.
  const isHere = url !== null && url.protocol === here.protocol && url.host === here.host;
  return isHere && url.search === "" && OWN_PROGRAM.test(url.pathname) ? address : null;
}

/** null: refused. */
export function allowHtml(html: string): string | null {
  return html === "" ? html : null;
}

export function installTrustedTypes(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  trustedTypes?.createPolicy("default", {
    createHTML: allowHtml,
    createScriptURL: (address) => allowProgram(address, location.origin),
  });
}
