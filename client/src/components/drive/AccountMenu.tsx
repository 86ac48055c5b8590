import { useIonRouter } from "@ionic/react";
import { type MouseEvent, useState } from "react";
import { useSession, useSessionState } from "../../Contexts.tsx";
import { setPreferences, type Theme, usePreferences } from "../../lib/preferences/index.ts";
import { useText } from "../../lib/text/index.ts";
import type { IconName } from "../controls/Icon.tsx";
import { Menu, type MenuAction } from "../controls/Menu.tsx";
import "./AccountMenu.css";

const THEMES: readonly (readonly [Theme, IconName])[] = [
  ["system", "screen"],
  ["light", "sun"],
  ["dark", "moon"],
];

/** Who is signed in, and what concerns them rather than their files. */
export function AccountMenu() {
  const text = useText();
  const session = useSession();
  const state = useSessionState();
  const router = useIonRouter();
  const { theme } = usePreferences();
  const [at, setAt] = useState<Event>();
  const name = "name" in state ? state.name : "";
  const leave = (work: Promise<void>): void => void work.catch((error: unknown) => session.report(error));
  const actions: MenuAction[] = [
    { label: text("settings.title"), icon: "settings", onChoose: () => router.push("/settings", "none") },
    ...THEMES.map(([each, icon]) => ({
      label: text(`account.${each}`),
      icon,
      isChosen: each === theme,
      onChoose: () => setPreferences({ theme: each }),
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
