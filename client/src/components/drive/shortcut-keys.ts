import type { TextKey } from "../../lib/text/index.ts";

export interface ShortcutGroup {
  readonly group: TextKey;
  /** `presses`: what stands on the keys; any of them. */
  readonly keys: readonly { readonly does: TextKey; readonly presses: readonly string[] }[];
}

/** Every key that does something, for the sheet. Whoever makes a key work writes it down here. */
export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    group: "settings.shortcuts.lists",
    keys: [
      { does: "settings.shortcuts.move", presses: ["↑", "↓"] },
      { does: "settings.shortcuts.page", presses: ["Page ↑", "Page ↓"] },
      { does: "settings.shortcuts.ends", presses: ["Home", "End"] },
    ],
  },
  {
    group: "settings.shortcuts.items",
    keys: [
      { does: "settings.shortcuts.open", presses: ["Enter"] },
      { does: "settings.shortcuts.rename", presses: ["F2"] },
      { does: "settings.shortcuts.trash", presses: ["Delete"] },
    ],
  },
  {
    group: "settings.shortcuts.anywhere",
    keys: [
      { does: "settings.shortcuts.sheet", presses: ["?"] },
      { does: "settings.shortcuts.close", presses: ["Esc"] },
    ],
  },
];
