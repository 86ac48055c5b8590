import type { Static, TSchema } from "typebox";
import { Check } from "typebox/schema";

/** Whether a value has the shape a schema asks for. Interprets the schema: works where a page may not compile code. */
export function matches<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  return Check(schema, value);
}
