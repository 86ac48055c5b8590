import { ApiError } from "../transport/errors.ts";
import { VolumeMissingError } from "./errors.ts";

/** Throws VolumeMissingError where the server says of a mounted volume that there is none. */
export async function orMissing<T>(
  { isMounted }: { readonly isMounted?: boolean },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isMissing = isMounted === true && error instanceof ApiError && error.code === "not_found";
    throw isMissing ? new VolumeMissingError({ cause: error }) : error;
  }
}
