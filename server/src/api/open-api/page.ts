/** The page at `/api/docs`: the same routes for people. No script, nothing loaded from anywhere: a page that shows an API must not be able to use it. */

import { ERROR_CODES, LIMITS, PROGRAM_VERSION, ROUTES, type Route } from "@excalibur/core/protocol";
import { tagOf } from "./document.ts";
import { errorsOf, isRaw } from "./errors.ts";
import { typeText } from "./type-text.ts";

export const DOCS_STYLE = `
:root{color-scheme:light dark;--ink:#0f172a;--soft:#475569;--line:#d8dfea;--bg:#f6f8fb;--card:#fff;--code:#f1f5fb;--accent:#2457d6;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf6;--soft:#a8b4c8;--line:#2a3750;--bg:#0b1220;--card:#111a2c;--code:#0b1220;--accent:#8fb0ff;--on:#0b1220}}
*{box-sizing:border-box;margin:0}
html{scroll-padding-top:16px}
body{background:var(--bg);color:var(--ink);font:16px/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-font-smoothing:antialiased}
.page{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;letter-spacing:-.015em}
h2{font-size:19px;margin:36px 0 10px}
h3{font-size:14px;margin:16px 0 4px}
p{color:var(--soft);max-width:72ch}
header p{margin-top:10px}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:8px}
nav ul{display:flex;flex-wrap:wrap;gap:8px;list-style:none;padding:0;margin:22px 0 0}
nav a{display:block;padding:5px 12px;border:1px solid var(--line);border-radius:99px;background:var(--card);text-decoration:none}
details{border:1px solid var(--line);border-radius:12px;background:var(--card);margin:8px 0}
summary{display:grid;grid-template-columns:64px minmax(0,20em) 1fr;gap:4px 14px;align-items:baseline;padding:11px 16px;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--code);border-radius:12px}
.method{font:700 12px/1.9 ui-monospace,Menlo,Consolas,monospace;background:var(--accent);color:var(--on);border-radius:6px;text-align:center}
code,pre{font:14px/1.5 ui-monospace,"JetBrains Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
summary code{font-weight:600}
summary span:last-child{color:var(--soft)}
.more{padding:12px 16px 16px;border-top:1px solid var(--line)}
pre{padding:10px 14px;background:var(--code);border:1px solid var(--line);border-radius:10px;white-space:pre-wrap}
dl{display:grid;grid-template-columns:minmax(0,15em) 1fr;gap:4px 14px}
dd{color:var(--soft)}
@media (max-width:640px){.page{padding:20px 14px 48px}summary{grid-template-columns:64px 1fr}summary span:last-child{grid-column:1/-1}dl{grid-template-columns:1fr}dd{margin-bottom:8px}}
`;

const KINDS: Readonly<Record<Route["kind"], string>> = {
  open: "Without a session.",
  read: "Signed by a session.",
  query: "Signed by a session, with the digest of the body. Changes nothing.",
  write: "Signed by a session, with an idempotency key: sent again with the same key it takes effect once.",
  part: "Signed by a session, with the leaf hashes of the body. Sent again it does the same again.",
};

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function block(title: string, schema: Route["body"], note = ""): string {
  if (schema === undefined) return "";
  const text = isRaw(schema) ? "raw bytes (application/octet-stream)" : typeText(schema as object);
  return `<h3>${title}</h3>${note}<pre>${escaped(text)}</pre>`;
}

function errorList(route: Route): string {
  const own = route.errors ?? [];
  const rest = errorsOf(route).filter((code) => !own.includes(code));
  const rows = own.map((code) => {
    const [status, sentence] = ERROR_CODES[code];
    return `<dt><code>${code}</code> ${status}</dt><dd>${escaped(sentence)}</dd>`;
  });
  const list = rows.length > 0 ? `<dl>${rows.join("")}</dl>` : "";
  const general = rest.map((code) => `<code>${code}</code>`).join(" ");
  return `<h3>Errors</h3>${list}<p>${rows.length > 0 ? "And, as" : "As"} everywhere of this kind: ${general}</p>`;
}

function operation(route: Route): string {
  const { method, path, summary, kind, params, query, body, reply, bodyLimitBytes = LIMITS.jsonBodyBytes } = route;
  const limit = body === undefined ? "" : `<p>At most ${bodyLimitBytes.toLocaleString("en")} bytes.</p>`;
  const answer = reply === undefined ? "<h3>Answer</h3><p>204, without content.</p>" : block("Answer", reply);
  return [
    `<details id="${route.id}"><summary><span class="method">${method}</span><code>${escaped(path)}</code><span>${escaped(summary)}</span></summary>`,
    `<div class="more"><p>${KINDS[kind]}${route.isRanged ? " Takes one Range and then answers 206." : ""}</p>`,
    block("In the path", params) + block("In the query", query) + block("Body", body, limit) + answer,
    `${errorList(route)}</div></details>`,
  ].join("");
}

function section(tag: string, routes: readonly Route[]): string {
  return `<section aria-labelledby="tag-${tag}"><h2 id="tag-${tag}">${tag}</h2>${routes.map(operation).join("\n")}</section>`;
}

export function createDocsPage(routes: readonly Route[] = ROUTES): string {
  const tags = [...new Set(routes.map(tagOf))];
  const links = tags.map((tag) => `<li><a href="#tag-${tag}">${tag}</a></li>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>Excalibur: the interface of this server</title>
<link rel="icon" href="data:,">
<style>${DOCS_STYLE}</style>
</head>
<body>
<div class="page">
<header>
<h1>The interface of this server</h1>
<p>Excalibur ${PROGRAM_VERSION}. Everything that has a meaning is sealed before it gets here: what travels is ciphertext, signed records and who may do what. Addresses below begin with <code>/api</code>. For programs the same stands in <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<p>Requests of a session carry an RFC 9421 signature by a key that never leaves the device; there is no token to copy into a field, so nothing can be tried out on this page. How requests are signed, and what the records mean, is in <code>docs/spec</code> of the program.</p>
<p>Types: <code>id</code> is base64url of 16 bytes, <code>hash</code> of 32, <code>bytes</code> of any number, all without padding; <code>?</code> may be left out.</p>
</header>
<nav aria-label="Groups"><ul>${links}</ul></nav>
<main>
${tags
  .map((tag) =>
    section(
      tag,
      routes.filter((route) => tagOf(route) === tag),
    ),
  )
  .join("\n")}
</main>
</div>
</body>
</html>
`;
}
