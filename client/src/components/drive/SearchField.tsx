import { useIonRouter } from "@ionic/react";
import { type KeyboardEvent, type Ref, useSyncExternalStore } from "react";
import { useLocation } from "react-router-dom";
import { useText } from "../../lib/text/index.ts";
import { IconButton } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { useMemory } from "./DriveMemory.tsx";
import "./SearchField.css";

/** The first of the answers, where keys go on. */
const FIRST = ".ion-page:not(.ion-page-hidden) .list [tabindex='0'][data-index]";

export interface SearchFieldProps {
  readonly field: Ref<HTMLInputElement>;
}

/** Words to look for in the whole drive. Whoever types is led to the page of the answers. */
export function SearchField({ field }: SearchFieldProps) {
  const text = useText();
  const router = useIonRouter();
  const { pathname } = useLocation();
  const { search } = useMemory();
  const { text: words } = useSyncExternalStore(search.subscribe, () => search.wanted);
  const type = (typed: string): void => {
    search.want({ text: typed });
    if (pathname !== "/search") router.push("/search", "none");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Escape") {
      if (words === "") event.currentTarget.blur();
      else search.want({ text: "" });
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      document.querySelector<HTMLElement>(FIRST)?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <search className="search-field">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        value={words}
        placeholder={text("found.placeholder")}
        aria-label={text("found.label")}
        aria-keyshortcuts="/ Control+F"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {words === "" ? (
        <kbd>/</kbd>
      ) : (
        <IconButton icon="close" label={text("found.clear")} onClick={() => search.want({ text: "" })} />
      )}
    </search>
  );
}
