import { EngineError, failureOf } from "./engine/failure.ts";

/** Whoever is signed in typed a password once more: that it is wrong is said in other words than at the entrance. */
export async function withPassword<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(error);
    throw new EngineError(failure.code === "sign_in_failed" ? { ...failure, code: "wrong_password" } : failure);
  }
}
