import type { ReactNode } from "react";
import "../../lib/text/later.ts";
import { setPreferences } from "../../lib/preferences/index.ts";
import { type TextKey, useText } from "../../lib/text/index.ts";
import { Icon } from "../controls/Icon.tsx";
import { Mark } from "../page/Mark.tsx";
import "./PublicFrame.css";

export interface PublicFrameProps {
  /** card: one thing, in the middle. whole: as much room as there is. */
  readonly layout: "card" | "whole";
  /** What protects what is done here; unless it says otherwise, what is shown. */
  readonly lead?: TextKey;
  readonly children: ReactNode;
}

/** Each in its own language: whoever looks for theirs finds it. */
const LANGUAGES = [
  ["en", "English"],
  ["de", "Deutsch"],
] as const;

/** What stands around pages for people without an account: whose page it is, what protects what it shows, and the language. */
export function PublicFrame({ layout, lead = "publicPages.sealLead", children }: PublicFrameProps) {
  const text = useText();
  return (
    <div className="public">
      <header className="public-head">
        <span className="public-brand">
          <Mark />
          {text("app.name")}
        </span>
        <span className="public-seal">
          <Icon name="shield" />
          {text("publicPages.seal")}
        </span>
      </header>
      <main className={`public-main public-${layout}`}>{children}</main>
      <footer className="public-foot">
        <p>
          <Icon name="shield" />
          <span>{text(lead)}</span>
        </p>
        <LanguageLinks />
      </footer>
    </div>
  );
}

function LanguageLinks() {
  const text = useText();
  return (
    <fieldset className="public-languages" aria-label={text("account.language")}>
      {LANGUAGES.map(([language, name]) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={document.documentElement.lang === language}
          onClick={() => setPreferences({ language })}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
