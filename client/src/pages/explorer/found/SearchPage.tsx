import { useIonViewDidEnter } from "@ionic/react";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useSession } from "../../../Contexts.tsx";
import { Button } from "../../../components/controls/Button.tsx";
import { useMemory } from "../../../components/drive/DriveMemory.tsx";
import { SearchField } from "../../../components/drive/SearchField.tsx";
import { useBeside } from "../../../components/drive/use-beside.ts";
import { FOUND_COLUMNS } from "../../../components/item-list/columns.ts";
import { ListSkeleton } from "../../../components/item-list/ListSkeleton.tsx";
import { Empty } from "../../../components/page/Empty.tsx";
import { queryOf } from "../../../lib/files/find-query.ts";
import { hasFilters } from "../../../lib/files/search-words.ts";
import { useListing } from "../../../lib/files/use-listing.ts";
import { usePreferences } from "../../../lib/preferences/index.ts";
import { language, useText } from "../../../lib/text/index.ts";
import { FilterBar } from "./FilterBar.tsx";
import { FoundView } from "./FoundView.tsx";

/** Shorter than a pause between two letters would be felt. */
const SETTLED_MS = 120;

/** What is found in the whole drive by name, kind, time and size. */
export function SearchPage() {
  const text = useText();
  const session = useSession();
  const { sort } = usePreferences();
  const { search } = useMemory();
  const field = useRef<HTMLInputElement>(null);
  const wanted = useSyncExternalStore(search.subscribe, () => search.wanted);
  const settled = useSettled(wanted);
  const query = useMemo(() => queryOf(settled, Date.now()), [settled]);
  const place = useMemo(() => query && { find: query }, [query]);
  const listing = useListing(session, place, { ...sort, language: language() });
  useBeside("/search", listing.items);
  // On phones the field is in this page, and whoever comes here wants to type.
  useIonViewDidEnter(() => {
    if (field.current?.offsetParent !== null && search.wanted.text === "") field.current?.focus();
  });
  const nothing = hasFilters(wanted) ? (
    <Empty icon="search" title={text("found.nothing")} lead={text("found.nothingFiltered")}>
      <Button onClick={() => search.want({ kind: undefined, age: undefined, size: undefined })}>
        {text("found.clearFilters")}
      </Button>
    </Empty>
  ) : (
    <Empty icon="search" title={text("found.nothing")} lead={text("found.nothingLead")} />
  );
  const begin = <Empty icon="search" title={text("found.begin")} lead={text("found.beginLead")} />;
  return (
    <FoundView
      listing={listing}
      columns={FOUND_COLUMNS}
      isSortable
      head={
        <div className="search-head">
          <SearchField field={field} />
          <h1>{text("found.title")}</h1>
        </div>
      }
      above={<FilterBar />}
      empty={query === undefined ? begin : listing.facts === undefined ? <ListSkeleton /> : nothing}
    />
  );
}

/** The value once it stays as it is for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
