import type { ComponentType } from "react";
import type { IconName } from "../../components/controls/Icon.tsx";
import type { TextKey } from "../../lib/text/index.ts";
import { AboutSection } from "./AboutSection.tsx";
import { AccountSection } from "./AccountSection.tsx";
import { AppearanceSection } from "./AppearanceSection.tsx";
import { PeopleSection } from "./PeopleSection.tsx";
import { SecuritySection } from "./SecuritySection.tsx";
import { ShortcutsSection } from "./ShortcutsSection.tsx";
import { StorageSection } from "./StorageSection.tsx";

export interface SettingsSection {
  /** As in the address. */
  readonly id: string;
  readonly icon: IconName;
  readonly title: TextKey;
  /** What is in it, in a few words. */
  readonly about: TextKey;
  readonly Section: ComponentType;
}

/** In their order; wide screens begin with the first. */
export const SECTIONS: readonly [SettingsSection, ...SettingsSection[]] = [
  {
    id: "account",
    icon: "person",
    title: "settings.account.title",
    about: "settings.account.about",
    Section: AccountSection,
  },
  {
    id: "security",
    icon: "shield",
    title: "settings.security.title",
    about: "settings.security.about",
    Section: SecuritySection,
  },
  { id: "people", icon: "people", title: "sharing.contacts", about: "sharing.contactsAbout", Section: PeopleSection },
  {
    id: "storage",
    icon: "disk",
    title: "settings.storage.title",
    about: "settings.storage.about",
    Section: StorageSection,
  },
  {
    id: "appearance",
    icon: "sun",
    title: "settings.appearance.title",
    about: "settings.appearance.about",
    Section: AppearanceSection,
  },
  {
    id: "shortcuts",
    icon: "keyboard",
    title: "settings.shortcuts.title",
    about: "settings.shortcuts.about",
    Section: ShortcutsSection,
  },
  { id: "about", icon: "info", title: "settings.about.title", about: "settings.about.about", Section: AboutSection },
];
