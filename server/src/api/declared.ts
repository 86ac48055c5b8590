import type { TSchema } from "typebox";

type Present = (value: unknown) => unknown;

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema | readonly TSchema[];
}

const asItIs: Present = (value) => value;

/**
 * Makes a function that keeps of a reply what its schema declares and drops everything else: a row that slips through
 * shows nothing that the contract does not name.
 */
export function declaredBy(schema: TSchema): Present {
  const { type, properties, items } = schema as Shape;
  if (type === "object" && properties) {
    const fields = Object.entries(properties).map(([name, inner]) => [name, declaredBy(inner)] as const);
    return (value) => {
      const object = value as Readonly<Record<string, unknown>>;
      const present = fields.filter(([name]) => object[name] !== undefined);
      return Object.fromEntries(present.map(([name, keep]) => [name, keep(object[name])]));
    };
  }
  if (type === "array" && items && !Array.isArray(items)) {
    const keep = declaredBy(items as TSchema);
    return keep === asItIs ? asItIs : (value) => (value as readonly unknown[]).map(keep);
  }
  return asItIs;
}
