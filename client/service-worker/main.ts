/** Keeps the program for offline use, and hands verified bytes from the page to the browser's downloads and players. */

import { notePassing, PART_BYTES } from "../src/lib/memory/index.ts";
import { answerDownload, expectDownload } from "./downloads.ts";
import { answerFromShell, cleanOtherShells, keepShell } from "./shell.ts";
import { answerStream } from "./streams.ts";
import type { Worker } from "./worker.ts";

const worker = globalThis as unknown as Worker;

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));

worker.addEventListener("activate", (event) => event.waitUntil(cleanOtherShells().then(() => worker.clients.claim())));

worker.addEventListener("message", (event) => {
  // Only pages of this origin can reach it at all; whatever comes from elsewhere is none.
  if (event.origin !== worker.location.origin) return;
  const message = event.data as { readonly type?: unknown };
  if (message.type === "take-over") void worker.skipWaiting();
  if (message.type === "download") expectDownload(event);
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  // Nobody tells how large a body is: as large as they come.
  if (request.method !== "GET") notePassing(PART_BYTES);
  if (url.origin !== worker.location.origin || request.method !== "GET") return;
  const answer = answerDownload(url) ?? answerStream(url, event, worker) ?? answerFromShell(url, request);
  if (answer !== undefined) event.respondWith(answer);
});
