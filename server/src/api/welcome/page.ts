/** What a browser sees at `/` while there is no web client. No script runs and nothing is loaded, so the invitation in the fragment stays where it is. */

const STYLE = `
:root{color-scheme:light dark;--ink:#0f172a;--soft:#475569;--line:#e3e8f0;--bg:#f6f8fb;--card:#fff;--code:#f1f5fb;--accent:#2457d6;--shadow:0 1px 2px #0f172a0d,0 8px 28px #0f172a14}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf6;--soft:#a8b4c8;--line:#243044;--bg:#0b1220;--card:#111a2c;--code:#0b1220;--accent:#7ea2ff;--shadow:0 1px 2px #0006,0 10px 30px #0007}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--bg);color:var(--ink);font:16px/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-font-smoothing:antialiased}
main{width:100%;max-width:620px;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:20px;box-shadow:var(--shadow)}
header{display:flex;align-items:center;gap:14px;margin-bottom:14px}
svg{flex:none}
h1{font-size:22px;letter-spacing:-.015em;line-height:1.25}
h2{font-size:16px;margin:26px 0 6px}
p,li{color:var(--soft)}
ol{padding-left:1.3em}
li{margin:8px 0}
pre{margin:8px 0 0;padding:11px 14px;background:var(--code);border:1px solid var(--line);border-radius:12px;font:14px/1.5 ui-monospace,"JetBrains Mono",Menlo,Consolas,monospace;color:var(--ink);white-space:pre-wrap;overflow-wrap:anywhere}
em{font-style:normal;color:var(--accent)}
footer{margin-top:26px;padding-top:16px;border-top:1px solid var(--line);font-size:14px;color:var(--soft)}
@media (max-width:480px){body{padding:0;place-items:stretch}main{border:0;border-radius:0;padding:24px 18px}}
`;

export const WELCOME_STYLE = STYLE;

export const WELCOME_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>Excalibur</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<svg width="40" height="40" viewBox="0 0 32 32" role="img" aria-label="Excalibur: a sword in a stone"><rect width="32" height="32" rx="9" fill="#2457d6"/><circle cx="16" cy="6.4" r="1.8" fill="#f1d488"/><path d="M15 7.8h2v3.8h-2z" fill="#fff"/><rect x="10.4" y="11.2" width="11.2" height="2.2" rx="1.1" fill="#f1d488"/><path d="M14.2 13.4h3.6v10h-3.6z" fill="#fff"/><path d="M6 27.4c1.2-3.6 4.8-5.6 10-5.6s8.8 2 10 5.6z" fill="#0f2c74"/></svg>
<h1>This Excalibur server is running</h1>
</header>
<p>It keeps files that only their owners can read. It is used from the command line.</p>
<h2>You were invited</h2>
<ol>
<li>Copy the whole address of this page from the address bar: it holds your invitation.</li>
<li>On the computer where Excalibur is installed, open a terminal in its folder and type, with a name of your choice and the address you copied:
<pre><code>npx excalibur sign-up <em>NAME</em> --invite <em>ADDRESS</em></code></pre></li>
<li>Choose a password and write down the twelve recovery words you are shown. Nobody can reset either for you.</li>
</ol>
<h2>You have an account</h2>
<pre><code>npx excalibur sign-in <em>NAME</em> --server <em>ADDRESS OF THIS PAGE</em></code></pre>
<footer>Names, contents and folders are encrypted before they leave your computer. Neither this server nor whoever runs it can read them.</footer>
</main>
</body>
</html>
`;
