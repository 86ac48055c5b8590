/** Both are put in by the build: what this worker keeps is exactly the build it came with. */
declare const EXCALIBUR_BUILD: string;
declare const EXCALIBUR_FILES: readonly string[];

const PREFIX = "excalibur-shell-";
const NAME = `${PREFIX}${EXCALIBUR_BUILD}`;
const START = "/index.html";
const FILES = new Set(EXCALIBUR_FILES);

/** All or nothing: a worker that lacks a file is not installed, and the one before stays. */
export async function keepShell(): Promise<void> {
  const cache = await caches.open(NAME);
  // Past the browser's own cache: a file of an older build must not slip in under the same name.
  await cache.addAll([...FILES].map((file) => new Request(file === START ? "/" : file, { cache: "reload" })));
}

export async function cleanOtherShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)),
  );
}

/** undefined: not ours to answer. The interface, and what no build knows, always go to the server. */
export function answerFromShell(url: URL, request: Request): Promise<Response> | undefined {
  if (url.pathname.startsWith("/api/")) return undefined;
  const isPage = request.mode === "navigate" && !url.pathname.includes(".");
  if (!isPage && !FILES.has(url.pathname)) return undefined;
  return kept(isPage ? "/" : url.pathname, request);
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? (await fetch(request));
}
