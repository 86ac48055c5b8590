import { useSyncExternalStore } from "react";
import { Button } from "../../../components/controls/Button.tsx";
import { useMemory } from "../../../components/drive/DriveMemory.tsx";
import type { ItemKind } from "../../../lib/files/kind-of.ts";
import { type Age, hasFilters, type SizeClass } from "../../../lib/files/search-words.ts";
import { type TextKey, useText } from "../../../lib/text/index.ts";
import "./FilterBar.css";

const KINDS: readonly ItemKind[] = ["folder", "image", "film", "music", "file"];
const AGES: readonly Age[] = ["day", "week", "month", "year", "older"];
const SIZES: readonly SizeClass[] = ["small", "medium", "large", "huge"];

/** What narrows a search: kind, time and size. */
export function FilterBar() {
  const text = useText();
  const { search } = useMemory();
  const wanted = useSyncExternalStore(search.subscribe, () => search.wanted);
  return (
    <fieldset className="filters" aria-label={text("found.filters")}>
      <Filter
        label={text("found.kind")}
        value={wanted.kind}
        options={KINDS.map((kind) => [kind, `found.kinds.${kind}`])}
        onValue={(kind) => search.want({ kind })}
      />
      <Filter
        label={text("found.age")}
        value={wanted.age}
        options={AGES.map((age) => [age, `found.ages.${age}`])}
        onValue={(age) => search.want({ age })}
      />
      <Filter
        label={text("found.size")}
        value={wanted.size}
        options={SIZES.map((size) => [size, `found.sizes.${size}`])}
        onValue={(size) => search.want({ size })}
      />
      {hasFilters(wanted) && (
        <Button kind="ghost" onClick={() => search.want({ kind: undefined, age: undefined, size: undefined })}>
          {text("found.clearFilters")}
        </Button>
      )}
    </fieldset>
  );
}

interface FilterProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly (readonly [Value, TextKey])[];
  readonly onValue: (value: Value | undefined) => void;
}

function Filter<Value extends string>({ label, value, options, onValue }: FilterProps<Value>) {
  const text = useText();
  return (
    <select
      className={value === undefined ? "filter" : "filter filter-set"}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onValue((event.target.value || undefined) as Value | undefined)}
    >
      <option value="">{label}</option>
      {options.map(([each, key]) => (
        <option key={each} value={each}>
          {text(key)}
        </option>
      ))}
    </select>
  );
}
