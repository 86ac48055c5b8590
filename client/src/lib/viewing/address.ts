/** A file that is looked at; with `versionId`, as it was. */
export interface ViewRef {
  readonly parentId: string;
  readonly id: string;
  readonly versionId?: string;
}

const ID = "[A-Za-z0-9_-]{22}";
const VIEW = new RegExp(`^#view=(${ID})\\.(${ID})(?:\\.(${ID}))?$`);

/**
 * What is looked at stands behind the address of the place it was opened from: the place stays as it is below, "back" leads
 * there, and no request ever carries it. Ids, never names.
 */
export function viewHash({ parentId, id, versionId }: ViewRef): string {
  return `#view=${[parentId, id, versionId].filter((part) => part !== undefined).join(".")}`;
}

/** undefined: nothing is looked at. */
export function parseViewHash(hash: string): ViewRef | undefined {
  const [, parentId, id, versionId] = VIEW.exec(hash) ?? [];
  if (parentId === undefined || id === undefined) return undefined;
  return { parentId, id, ...(versionId === undefined ? {} : { versionId }) };
}
