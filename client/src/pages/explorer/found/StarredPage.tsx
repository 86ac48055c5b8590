import { useSession } from "../../../Contexts.tsx";
import { useBeside } from "../../../components/drive/use-beside.ts";
import { FOUND_COLUMNS } from "../../../components/item-list/columns.ts";
import { ListSkeleton } from "../../../components/item-list/ListSkeleton.tsx";
import { Empty, ToFiles } from "../../../components/page/Empty.tsx";
import { useListing } from "../../../lib/files/use-listing.ts";
import { usePreferences } from "../../../lib/preferences/index.ts";
import { language, useText } from "../../../lib/text/index.ts";
import { FoundView } from "./FoundView.tsx";

/** What the person wants at hand, wherever it is. */
export function StarredPage() {
  const text = useText();
  const session = useSession();
  const { sort } = usePreferences();
  const listing = useListing(session, "starred", { ...sort, language: language() });
  const { facts, failure, items } = listing;
  useBeside("/starred", items);
  const isReading = facts === undefined && failure === undefined;
  return (
    <FoundView
      listing={listing}
      columns={FOUND_COLUMNS}
      isSortable
      head={<h1>{text("found.starred")}</h1>}
      empty={
        isReading ? (
          <ListSkeleton />
        ) : (
          <Empty icon="star" title={text("found.noStarred")} lead={text("found.noStarredLead")}>
            <ToFiles />
          </Empty>
        )
      }
    />
  );
}
