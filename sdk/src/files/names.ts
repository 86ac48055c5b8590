import { nameProblem, nameSentence, normalizeName, type VolumeEditor } from "../volumes/index.ts";
import { BadNameError, NameTakenError, NotFoundError, SharedFileError } from "./errors.ts";

/** The name as it is stored. Throws BadNameError with the sentence for the rule it breaks. */
export function requireName(name: string): string {
  const normalized = name.isWellFormed() ? normalizeName(name) : name;
  const problem = nameProblem(normalized);
  if (problem !== undefined) throw new BadNameError(problem, nameSentence(problem));
  return normalized;
}

/** Before anything is added to a folder. Throws NotFoundError, SharedFileError. */
export async function requireRoom(editor: VolumeEditor, folderId: Uint8Array): Promise<void> {
  if (!editor.hasFolder(folderId)) throw new NotFoundError();
  if (!(await editor.hasRoom(folderId))) throw new SharedFileError();
}

export async function requireFreeName(editor: VolumeEditor, folderId: Uint8Array, name: string): Promise<void> {
  if ((await editor.findByName(folderId, name)) !== undefined) throw new NameTakenError();
}

/** The name itself, or with the first number that nobody has; `reserved` names count as had. */
export async function freeName(
  editor: VolumeEditor,
  folderId: Uint8Array,
  name: string,
  reserved: (candidate: string) => boolean = () => false,
): Promise<string> {
  let candidate = name;
  for (let number = 2; reserved(candidate) || (await editor.findByName(folderId, candidate)) !== undefined; number++) {
    candidate = numberedName(name, number);
  }
  return candidate;
}

/** "photo.jpg", 2 → "photo (2).jpg"; a leading dot is part of the base name. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return `${name} (${number})`;
  return `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
}
