import { deleteAccount, ROUTES, type Route } from "@excalibur/core/protocol";
import fc from "fast-check";
import {
  type AccessWorld,
  CALLERS,
  type Caller,
  callAs,
  type PreparedCall,
  rowDigests,
  type SampleCall,
  sampleCall,
} from "../access/index.ts";
import { readAnswer } from "../test-session.ts";
import { type Change, changes } from "./changes.ts";
import { type ContractRoute, readContract } from "./contract.ts";
import { faultOf, leakOf, type Marker, secretsOf } from "./judge.ts";
import { fitting } from "./values.ts";

/** One request, drawn from the server's document. */
export interface Plan {
  /** Its operation id. */
  readonly id: string;
  readonly caller: Caller;
  /** In the place of the sample's. */
  readonly json: unknown;
  readonly query: string | undefined;
  readonly changes: readonly Change[];
  readonly isSentTwice: boolean;
}

/** Stretching passwords takes a second each: these are made once, and sent again and again. */
const SLOW = new Set(["signUp", "signInFinish", "recoveryFinish", "changePassword"]);

const CALLER_NAMES = Object.keys(CALLERS) as Caller[];
/** Most requests pass the door, so that what is behind it is tried too. */
const ANYBODY = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Caller>("owner") },
  { weight: 2, arbitrary: fc.constant<Caller>("stranger") },
  { weight: 2, arbitrary: fc.constantFrom(...CALLER_NAMES) },
);
/** Whoever may not delete an account: who did could ask for nothing else any more, and a job takes what was theirs under later requests. */
const REFUSED = fc.constantFrom<Caller>(
  ...(["anonymous", "forged", "ended", "disabled", "older", "sender", "link", "linkEditor"] as const),
);

function routeCalled(id: string): Route {
  return ROUTES.find((each) => each.id === id) as Route;
}

function planFor({ id, body, query }: ContractRoute): fc.Arbitrary<Plan> {
  const json =
    typeof body === "object" ? fc.option(fitting(body), { nil: undefined, freq: 2 }) : fc.constant(undefined);
  const texts = Object.entries(query).map(([name, schema]) =>
    fitting(schema).map((value) => `${name}=${String(value)}`),
  );
  const drawn = fc.option(
    fc.tuple(...texts).map((pairs) => pairs.join("&")),
    { nil: undefined, freq: 2 },
  );
  return fc.record({
    id: fc.constant(id),
    caller: id === deleteAccount.id ? REFUSED : ANYBODY,
    json,
    query: texts.length > 0 ? drawn : fc.constant(undefined),
    changes: fc.array(changes, { maxLength: 3 }),
    isSentTwice: fc.boolean(),
  });
}

/** Sends requests to one world and holds every answer against the document. */
export class FuzzRun {
  readonly plans: fc.Arbitrary<Plan>;
  /** How many answers had which status. */
  readonly statuses = new Map<number, number>();
  readonly #world: AccessWorld;
  readonly #contract: readonly ContractRoute[];
  readonly #secrets: readonly Marker[];
  readonly #slow = new Map<string, Promise<SampleCall>>();

  private constructor(world: AccessWorld, contract: readonly ContractRoute[], secrets: readonly Marker[]) {
    this.#world = world;
    this.#contract = contract;
    this.#secrets = secrets;
    this.plans = fc.oneof(...contract.map(planFor));
  }

  static async start(world: AccessWorld): Promise<FuzzRun> {
    return new FuzzRun(world, await readContract(world.server.origin), await secretsOf(world));
  }

  /** @throws Error that says what is wrong with the server's answer */
  async play(plan: Plan): Promise<void> {
    const { call, request } = await this.#prepare(plan);
    for (let sent = 0; sent < (plan.isSentTwice ? 2 : 1); sent++) await this.#send(plan, call, request);
  }

  async #prepare({ id, caller, ...drawn }: Plan): Promise<{ call: SampleCall; request: PreparedCall }> {
    const route = routeCalled(id);
    let call = await this.#sample(route);
    if (drawn.json !== undefined) call = { ...call, json: drawn.json };
    if (drawn.query !== undefined) call = { ...call, query: drawn.query };
    for (const change of drawn.changes) call = change.call?.(call) ?? call;
    let request = callAs(this.#world, caller, route, call);
    for (const change of drawn.changes) request = change.prepared?.(request) ?? request;
    return { call, request };
  }

  async #send({ id, caller, changes: made }: Plan, call: SampleCall, { url, init }: PreparedCall): Promise<void> {
    const { method } = routeCalled(id);
    const { database } = this.#world.server.running.context;
    const before = await rowDigests(database);
    const answer = await readAnswer(await fetch(url, { ...init, redirect: "manual" }));
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    const asked = { contract: this.#contract, url, method };
    const fault =
      faultOf(answer, asked) ?? leakOf(answer, { id, caller }, this.#secrets) ?? (await this.#changed(answer, before));
    if (answer.status < 400 && caller !== "stranger" && made.length === 0) call.accepted?.();
    if (fault === undefined) return;
    const how = made.map(({ name }) => name).join(", ") || "nothing changed";
    const text = Buffer.from(answer.bytes).toString().slice(0, 400);
    throw new Error(`${id} of ${caller} (${how}): ${fault}\n${method} ${url}\n${answer.status} ${text}`);
  }

  /** A refusal must leave every row as it was. */
  async #changed({ status }: { status: number }, before: Record<string, string>): Promise<string | undefined> {
    if (status < 400) return undefined;
    const after = await rowDigests(this.#world.server.running.context.database);
    const tables = Object.keys(after).filter((table) => after[table] !== before[table]);
    return tables.length > 0 ? `a refusal that changed ${tables.join(", ")}` : undefined;
  }

  #sample(route: Route): Promise<SampleCall> {
    if (!SLOW.has(route.id)) return sampleCall(this.#world, route);
    const made = this.#slow.get(route.id) ?? sampleCall(this.#world, route);
    this.#slow.set(route.id, made);
    return made;
  }
}
