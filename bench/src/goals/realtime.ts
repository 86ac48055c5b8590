import { createTicket, REALTIME_PATH } from "@excalibur/core/protocol";
import { insertSignedIn, type TestSession, type VolumeWriter } from "@excalibur/server/testing";
import { WebSocket } from "ws";
import { startDrive } from "../drive.ts";
import { usageOf } from "../process-watch.ts";
import { writeReport } from "../report.ts";
import { summarize } from "../statistics.ts";
import { push } from "../volume-push.ts";

const CLIENTS = 1_000;
/** A session may have 16. */
const CLIENTS_A_SESSION = 16;
const OPENED_AT_ONCE = 50;
const COMMITS_A_ROUND = 10;
const GOAL_MS = 50;

/** Goal 10, first half: 1 000 connected clients hear of a commit, measured from the moment it is sent to the server. */
export async function measureRealtime({ pairs: rounds }: { readonly pairs: number }): Promise<void> {
  await using drive = await startDrive();
  const { sqliteFile, origin, serverPid } = drive;
  const sessionCount = Math.ceil(CLIENTS / CLIENTS_A_SESSION);
  const person = await insertSignedIn({ sqliteFile, origin, name: "raw", sessions: sessionCount });
  const [writer] = person.writers as [VolumeWriter];
  const [session] = person.sessions as [TestSession];
  const clients = new Clients();
  try {
    for (let at = 0; at < CLIENTS; at += OPENED_AT_ONCE) {
      const places = Array.from({ length: Math.min(OPENED_AT_ONCE, CLIENTS - at) }, (_, i) => at + i);
      await Promise.all(
        places.map((place) => clients.connect(origin, person.sessions[place % sessionCount] as TestSession)),
      );
    }
    const result: { readonly p99: number; readonly median: number; readonly most: number }[] = [];
    const before = await usageOf(serverPid);
    for (let round = 0; round < rounds; round++) {
      const delays: number[] = [];
      for (let i = 0; i < COMMITS_A_ROUND; i++) {
        let sentMs = 0;
        const heard = clients.all();
        const onCommit = () => {
          sentMs = performance.now();
        };
        await push(session, writer, [writer.volumeId], { onCommit });
        for (const atMs of await heard) delays.push(atMs - sentMs);
      }
      delays.sort((a, b) => a - b);
      const at = (share: number) => delays[Math.ceil(delays.length * share) - 1] ?? Number.NaN;
      result.push({ p99: at(0.99), median: at(0.5), most: at(1) });
      process.stdout.write(`round ${round + 1} of ${rounds}\n`);
    }
    const after = await usageOf(serverPid);
    const p99 = summarize(result.map((one) => one.p99));
    const median = summarize(result.map((one) => one.median));
    await writeReport({
      name: "realtime",
      title: "Milliseconds until 1 000 connected clients have heard of a commit",
      verdicts: [{ what: "99th percentile", measured: p99.median, goal: GOAL_MS, unit: "ms" }],
      rows: [
        { label: "99th percentile (ms)", summary: p99, goal: GOAL_MS },
        { label: "median (ms)", summary: median, goal: GOAL_MS },
      ],
      details: {
        clients: CLIENTS,
        commitsARound: COMMITS_A_ROUND,
        rounds: result,
        serverCpuMsACommit:
          (((after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? Number.NaN)) * 1000) /
          (rounds * COMMITS_A_ROUND),
      },
    });
  } finally {
    clients.close();
  }
}

/** Sockets that wait for the same announcement. */
class Clients {
  readonly #sockets: WebSocket[] = [];
  #heardMs: number[] = [];
  #done: ((heardMs: number[]) => void) | undefined;

  async connect(origin: string, session: TestSession): Promise<void> {
    const { body } = await session.call(createTicket, { json: {} });
    const socket = new WebSocket(`${origin.replace("http", "ws")}${REALTIME_PATH}`);
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("open", () => socket.send(JSON.stringify({ type: "hello", ticket: body["ticket"] })));
      socket.on("message", (data) => {
        const { type } = JSON.parse(String(data)) as { type: string };
        if (type === "ready") resolve();
        else if (type === "commit") this.#heard();
      });
    });
    this.#sockets.push(socket);
  }

  /** When each of them hears the next announcement. */
  all(): Promise<number[]> {
    this.#heardMs = [];
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #heard(): void {
    this.#heardMs.push(performance.now());
    if (this.#heardMs.length === this.#sockets.length) this.#done?.(this.#heardMs);
  }
}
