import type { Static, TSchema } from "typebox";

/** The keywords that the contract uses. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape | readonly Shape[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Whether a value has the shape a schema asks for. Interprets the schema: works where a page may not compile code. */
export function matches<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  return fits(schema as Shape, value);
}

function fits(shape: Shape, value: unknown): boolean {
  if (shape.const !== undefined && value !== shape.const) return false;
  if (shape.anyOf !== undefined && !shape.anyOf.some((one) => fits(one, value))) return false;
  switch (shape.type) {
    case undefined:
      return true;
    case "null":
      return value === null;
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return isWithin(shape, value);
    case "integer":
      return Number.isInteger(value) && isWithin(shape, value);
    case "string":
      return typeof value === "string" && isText(shape, value);
    case "array":
      return Array.isArray(value) && isList(shape, value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) && isRecord(shape, value);
    default:
      throw new TypeError(`The contract uses a type that is not checked: ${shape.type}.`);
  }
}

function isWithin({ minimum = -Infinity, maximum = Infinity }: Shape, value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= minimum && value <= maximum;
}

const patterns = new Map<string, RegExp>();

function isText({ pattern, minLength = 0, maxLength = Infinity }: Shape, value: string): boolean {
  // Lengths count characters, of one or two units each; only what is near a limit needs counting.
  if (value.length < minLength || value.length > 2 * maxLength) return false;
  if ((value.length > maxLength || minLength > 0) && !isLengthWithin([...value].length, minLength, maxLength)) {
    return false;
  }
  if (pattern === undefined) return true;
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known.test(value);
}

function isLengthWithin(length: number, minimum: number, maximum: number): boolean {
  return length >= minimum && length <= maximum;
}

function isList({ items, minItems = 0, maxItems = Infinity }: Shape, values: readonly unknown[]): boolean {
  if (!isLengthWithin(values.length, minItems, maxItems)) return false;
  if (items === undefined) return true;
  if (!isTuple(items)) return values.every((value) => fits(items, value));
  return values.length <= items.length && values.every((value, index) => fits(items[index] as Shape, value));
}

function isTuple(items: Shape | readonly Shape[]): items is readonly Shape[] {
  return Array.isArray(items);
}

function isRecord({ properties = {}, required = [] }: Shape, value: object): boolean {
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  const record = value as Readonly<Record<string, unknown>>;
  for (const name in properties) {
    if (Object.hasOwn(record, name) && !fits(properties[name] as Shape, record[name])) return false;
  }
  return true;
}
