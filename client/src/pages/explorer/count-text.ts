import type { FileItem } from "../../lib/session/index.ts";
import type { useText } from "../../lib/text/index.ts";

/** "2 folders, 5 files" */
export function countText(items: readonly FileItem[], text: ReturnType<typeof useText>): string {
  const folders = items.filter(({ type }) => type === "folder").length;
  const files = items.length - folders;
  return [folders > 0 && text("files.folders", { count: folders }), files > 0 && text("files.files", { count: files })]
    .filter(Boolean)
    .join(", ");
}
