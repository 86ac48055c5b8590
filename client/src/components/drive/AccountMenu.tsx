import { type MouseEvent, useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { type Language, setPreferences, type Theme, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";
import { Menu, type MenuAction } from "../controls/Menu.tsx";
import "./AccountMenu.css";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
/** Each in its own language: whoever looks for theirs finds it. */
const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** Who is signed in, and what concerns them rather than their files. */
export function AccountMenu() {
  const text = useText();
  const session = useSession();
  const state = useSessionState();
  const { theme } = usePreferences();
  const [at, setAt] = useState<Event>();
  const name = "name" in state ? state.name : "";
  const leave = (work: Promise<void>): void => void work.catch((error: unknown) => session.report(error));
  const actions: MenuAction[] = [
    ...THEMES.map((each) => ({
      label: text(`account.${each}`),
      icon: "eye" as const,
      isChosen: each === theme,
      onChoose: () => setPreferences({ theme: each }),
    })),
    ...Object.entries(LANGUAGES).map(([language, label]) => ({
      label,
      icon: "pencil" as const,
      isChosen: document.documentElement.lang === language,
      onChoose: () => setPreferences({ language: language as Language }),
    })),
    { label: text("account.lock"), icon: "lock", onChoose: () => leave(session.lock()) },
    { label: text("account.signOut"), icon: "leave", onChoose: () => leave(session.signOut()) },
  ];
  return (
    <>
      <button
        type="button"
        className="avatar"
        aria-label={`${text("nav.account")}: ${name}`}
        aria-haspopup="menu"
        onClick={(event: MouseEvent) => setAt(event.nativeEvent)}
      >
        {name.charAt(0).toUpperCase()}
      </button>
      <Menu at={at} label={text("nav.account")} actions={actions} onClose={() => setAt(undefined)} />
    </>
  );
}
