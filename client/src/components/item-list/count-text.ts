import type { ListingFacts } from "../../lib/session/index.ts";
import type { useText } from "../../lib/text/index.ts";

/** "2 folders, 5 files" */
export function countText(
  { folders, files }: Pick<ListingFacts, "folders" | "files">,
  text: ReturnType<typeof useText>,
): string {
  return [folders > 0 && text("files.folders", { count: folders }), files > 0 && text("files.files", { count: files })]
    .filter(Boolean)
    .join(", ");
}
