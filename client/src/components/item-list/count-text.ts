import type { ListingFacts } from "../../lib/session/index.ts";
import type { useText } from "../../lib/text/index.ts";

/** "2 folders, 5 files"; of a folder that is listed in part only that. */
export function countText(
  { folders, files, isPartial }: Pick<ListingFacts, "folders" | "files" | "isPartial">,
  text: ReturnType<typeof useText>,
): string {
  if (isPartial) return text("files.notAllYet");
  return [folders > 0 && text("files.folders", { count: folders }), files > 0 && text("files.files", { count: files })]
    .filter(Boolean)
    .join(", ");
}
