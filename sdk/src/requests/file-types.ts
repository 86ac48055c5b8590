/** Whether a file's name ends as one of these; of no types every file does. */
export function isOfType(name: string, types: readonly string[]): boolean {
  if (types.length === 0) return true;
  const dot = name.lastIndexOf(".");
  return dot >= 0 && types.includes(name.slice(dot + 1).toLowerCase());
}
