import { useSession } from "../../../Contexts.tsx";
import { useBeside } from "../../../components/drive/use-beside.ts";
import { RECENT_COLUMNS } from "../../../components/item-list/columns.ts";
import { ListSkeleton } from "../../../components/item-list/ListSkeleton.tsx";
import { Empty, ToFiles } from "../../../components/page/Empty.tsx";
import { useListing } from "../../../lib/files/use-listing.ts";
import { language, useText } from "../../../lib/text/index.ts";
import { FoundView } from "./FoundView.tsx";

/** The files of the whole drive that came or were replaced last. */
export function RecentPage() {
  const text = useText();
  const session = useSession();
  const listing = useListing(session, "recent", { by: "changed", isDescending: true, language: language() });
  const { facts, failure, items } = listing;
  useBeside("/recent", items);
  const isReading = facts === undefined && failure === undefined;
  return (
    <FoundView
      listing={listing}
      columns={RECENT_COLUMNS}
      isSortable={false}
      head={<h1>{text("found.recent")}</h1>}
      empty={
        isReading ? (
          <ListSkeleton />
        ) : (
          <Empty icon="clock" title={text("found.noRecent")} lead={text("found.noRecentLead")}>
            <ToFiles />
          </Empty>
        )
      }
    />
  );
}
