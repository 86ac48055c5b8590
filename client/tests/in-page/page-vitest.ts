/**
 * As much of vitest as suites need that run inside a page: they name "vitest", and the build of the page gives them this.
 * It says yes too seldom rather than too often: what it does not know throws.
 */

type Work = () => unknown;

interface Told {
  readonly name: string;
  readonly work: Work;
}

const told: Told[] = [];
const path: string[] = [];

export function describe(name: string, work: Work): void {
  path.push(name);
  work();
  path.pop();
}

export function it(name: string, work: Work): void {
  told.push({ name: [...path, name].join(" › "), work });
}

it.each =
  (cases: readonly unknown[]) =>
  (name: string, work: (...values: never[]) => unknown): void => {
    for (const [index, each] of cases.entries()) {
      const values = (Array.isArray(each) ? each : [each]) as never[];
      it(`${name} [${index}]`, () => work(...values));
    }
  };

export interface Outcome {
  readonly passed: number;
  readonly failed: readonly string[];
}

/** Everything that was told, one after the other. */
export async function runAll(): Promise<Outcome> {
  const failed: string[] = [];
  for (const { name, work } of told) {
    try {
      await work();
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  return { passed: told.length - failed.length, failed };
}

function demand(isSo: boolean, isWanted: boolean, what: string): void {
  if (isSo !== isWanted) throw new Error(`expected ${isWanted ? "" : "not "}${what}`);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const [one, other] = [a, b].map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return one?.length === other?.length && (one?.every((byte, index) => byte === other?.[index]) ?? false);
  }
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length) return false;
  return keys.every((key) => isEqual(a[key as keyof typeof a], b[key as keyof typeof b]));
}

type ErrorClass = abstract new (...options: never[]) => Error;

function isError(error: unknown, wanted: string | ErrorClass | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? String(error).includes(wanted) : error instanceof wanted;
}

class Expectation {
  readonly #value: unknown;
  readonly #isWanted: boolean;

  constructor(value: unknown, isWanted = true) {
    this.#value = value;
    this.#isWanted = isWanted;
  }

  get not(): Expectation {
    return new Expectation(this.#value, !this.#isWanted);
  }

  get rejects() {
    return {
      toThrow: async (wanted?: string | ErrorClass): Promise<void> => {
        const [result] = await Promise.allSettled([this.#value]);
        const isThrown = result?.status === "rejected" && isError(result.reason, wanted);
        demand(isThrown, this.#isWanted, `to reject with ${String(wanted)}`);
      },
    };
  }

  toBe(other: unknown): void {
    demand(Object.is(this.#value, other), this.#isWanted, `${String(this.#value)} to be ${String(other)}`);
  }

  toEqual(other: unknown): void {
    demand(isEqual(this.#value, other), this.#isWanted, `${String(this.#value)} to equal ${String(other)}`);
  }

  toHaveLength(length: number): void {
    const { length: found } = this.#value as { readonly length: number };
    demand(found === length, this.#isWanted, `length ${found} to be ${length}`);
  }

  toBeGreaterThan(other: number): void {
    demand((this.#value as number) > other, this.#isWanted, `${String(this.#value)} to be above ${other}`);
  }

  toThrow(wanted?: string | ErrorClass): void {
    let thrown: { readonly error: unknown } | undefined;
    try {
      (this.#value as Work)();
    } catch (error) {
      thrown = { error };
    }
    demand(thrown !== undefined && isError(thrown.error, wanted), this.#isWanted, `to throw ${String(wanted)}`);
  }
}

export function expect(value: unknown): Expectation {
  return new Expectation(value);
}
