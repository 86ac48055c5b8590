import type { FileItem } from "../session/index.ts";

export type ItemKind = "folder" | "image" | "film" | "music" | "file";

const ENDINGS: readonly (readonly [ItemKind, RegExp])[] = [
  ["image", /\.(avif|bmp|gif|heic|jpe?g|png|svg|tiff?|webp)$/i],
  ["film", /\.(m4v|mkv|mov|mp4|webm)$/i],
  ["music", /\.(aac|flac|m4a|mp3|ogg|opus|wav)$/i],
];

/** Which picture stands for it. By its name only: nothing is opened because of it. */
export function kindOf({ type, name }: Pick<FileItem, "type" | "name">): ItemKind {
  if (type === "folder" || type === "mount") return "folder";
  return ENDINGS.find(([, ending]) => ending.test(name))?.[0] ?? "file";
}
