/** What lies between people and this server: does the address lead here, with everything that has to pass? */

import { LIMITS, REALTIME_PATH } from "@excalibur/core/protocol";
import { type Answer, ask } from "./ask.ts";
import { checkAgainst } from "./clock.ts";
import { type Finding, failed, ok, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

const PROBLEM = "application/problem+json";
const SOCKET_TIMEOUT_MS = 10_000;
const PAGE = "docs/operate/reverse-proxy.md";

interface Asked {
  readonly url: string;
  readonly patient: Patient;
}

/** An address that nobody vouches for, or where nobody is. */
function unreachable(url: string, error: unknown): Finding {
  const { code = "", message } = error as { code?: string; message: string };
  const advice = /CERT|SIGNED|VERIFY|ALTNAME/.test(code)
    ? "Renew or mend the proxy's certificate, and have it send the intermediate ones along."
    : "See whether the name leads to this machine's proxy, whether the proxy runs, and whether a firewall lets it be reached; some routers do not lead their own network back to itself.";
  return failed("proxy", `${url} is not reached from here (${code || message})`, advice);
}

function isHere({ patient: { running } }: Asked, answer: Answer): boolean {
  return answer.status === 200 && running !== undefined && answer.text === running.instance;
}

function elsewhere({ url }: Asked, { status, type }: Answer): Finding {
  if (status === 502 || status === 503 || status === 504) {
    return failed(
      "proxy",
      `the proxy at ${url} does not reach the server (status ${status})`,
      `Point it at the server's address and port: ${PAGE}.`,
    );
  }
  const said = `${url} leads to something else than this server (status ${status}${type ? `, ${type}` : ""})`;
  return failed(
    "proxy",
    said,
    `Point the name at this machine and the proxy at this server: ${PAGE}. Another server may be behind it.`,
  );
}

/** Unsigned, so the server refuses it; but only the server refuses it in its own words. */
async function checkBody({ url }: Asked): Promise<Finding> {
  const path = `${url}/api/uploads/AAAAAAAAAAAAAAAAAAAAAA/parts/0`;
  try {
    const answer = await ask(path, { method: "PUT", body: new Uint8Array(LIMITS.partBytes) });
    if (answer.type === PROBLEM) return ok("proxy-size", `${url} takes parts of 4 MiB`);
    const advice =
      answer.status === 413
        ? "Allow requests of 40 MiB (nginx: client_max_body_size 40m;)"
        : "Pass requests on as they are";
    return failed("proxy-size", `${url} does not take parts of 4 MiB (status ${answer.status})`, `${advice}: ${PAGE}.`);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return warning(
      "proxy-size",
      `a part of 4 MiB got no answer through ${url} (${code ?? message})`,
      `Allow requests of 40 MiB: ${PAGE}.`,
    );
  }
}

function opens(url: string): Promise<boolean> {
  const address = `${url.replace(/^http/, "ws")}${REALTIME_PATH}`;
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const late = setTimeout(() => settle(false), SOCKET_TIMEOUT_MS);
    const settle = (isOpen: boolean) => {
      clearTimeout(late);
      resolve(isOpen);
      socket.close();
    };
    socket.addEventListener("open", () => settle(true));
    socket.addEventListener("error", () => settle(false));
  });
}

async function checkSocket({ url }: Asked): Promise<Finding> {
  if (await opens(url)) return ok("proxy-websocket", `${url} passes WebSockets`);
  return failed(
    "proxy-websocket",
    `${url} does not pass WebSockets: people hear of changes late`,
    `Pass Upgrade and Connection on: ${PAGE}.`,
  );
}

async function checkOne(asked: Asked): Promise<readonly Finding[]> {
  const { url, patient } = asked;
  let answer: Answer;
  const askedMs = Date.now();
  try {
    answer = await ask(`${url}/instance`);
  } catch (error) {
    return [unreachable(url, error)];
  }
  // The request took a moment of which nobody knows when the other side looked at its clock; Date has whole seconds.
  const tookMs = Date.now() - askedMs;
  const clock =
    answer.dateMs === undefined
      ? []
      : [checkAgainst(url, { theirsMs: answer.dateMs, nowMs: patient.nowMs + tookMs / 2 })];
  if (!isHere(asked, answer)) {
    const known = patient.running !== undefined;
    const unknown = warning(
      "proxy",
      `no server runs on this data folder, so nobody can say whether ${url} leads to it`,
      "Start it, and run doctor beside it.",
    );
    return [...clock, known || answer.status >= 500 ? elsewhere(asked, answer) : unknown];
  }
  const reached = ok("proxy", `${url} leads to this server`);
  return [...clock, reached, ...(await Promise.all([checkBody(asked), checkSocket(asked)]))];
}

export async function checkPublicUrls(patient: Patient): Promise<readonly Finding[]> {
  const all = await Promise.all(patient.settings.config.publicUrls.map((url) => checkOne({ url, patient })));
  return all.flat();
}
