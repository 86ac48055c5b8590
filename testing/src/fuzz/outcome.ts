import { ExcaliburError } from "@excalibur/core/bytes";

/** Nothing that a person does may take longer than this with a server that answers at all, waits being short here: it hangs. */
const DEADLINE_MS = 60_000;

/** Something that no server may bring about. */
export class Forbidden extends Error {}

export type Outcome<T> = { readonly value: T } | { readonly refusal: ExcaliburError };

/** The right result or a typed error, in bounded time. Everything else is Forbidden. */
export async function outcomeOf<T>(what: string, action: Promise<T>, deadlineMs = DEADLINE_MS): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Forbidden(`${what}: no end after ${deadlineMs / 1000} s.`)), deadlineMs);
  });
  try {
    return { value: await Promise.race([action, late]) };
  } catch (error) {
    if (error instanceof ExcaliburError) return { refusal: error };
    if (error instanceof Forbidden) throw error;
    throw new Forbidden(`${what}: the program failed, with no error of its own.`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

export function demand(condition: boolean, what: () => string): asserts condition {
  if (!condition) throw new Forbidden(what());
}
