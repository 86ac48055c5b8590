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
      { does: "explorer.keys.extend", presses: ["Shift ↑ ↓"] },
      { does: "explorer.keys.moveOnly", presses: ["Ctrl ↑ ↓"] },
      { does: "explorer.keys.toggle", presses: ["Space"] },
      { does: "explorer.selectAll", presses: ["Ctrl A"] },
      { does: "explorer.clear", presses: ["Esc"] },
      { does: "explorer.keys.letters", presses: ["A … Z"] },
      { does: "explorer.keys.parent", presses: ["Backspace", "Alt ↑"] },
    ],
  },
  {
    group: "settings.shortcuts.items",
    keys: [
      { does: "settings.shortcuts.open", presses: ["Enter"] },
      { does: "settings.shortcuts.rename", presses: ["F2"] },
      { does: "settings.shortcuts.trash", presses: ["Delete"] },
      { does: "files.download", presses: ["Ctrl S"] },
      { does: "explorer.cut", presses: ["Ctrl X"] },
      { does: "explorer.copy", presses: ["Ctrl C"] },
      { does: "explorer.paste", presses: ["Ctrl V"] },
      { does: "found.star", presses: ["Ctrl D"] },
      { does: "sharing.share", presses: ["Ctrl I"] },
      { does: "explorer.undo", presses: ["Ctrl Z"] },
    ],
  },
  {
    group: "viewer.keys.title",
    keys: [
      { does: "viewer.keys.turn", presses: ["←", "→"] },
      { does: "viewer.fullScreen", presses: ["F"] },
      { does: "viewer.facts", presses: ["I"] },
    ],
  },
  {
    group: "settings.shortcuts.anywhere",
    keys: [
      { does: "found.label", presses: ["/", "Ctrl F"] },
      { does: "settings.shortcuts.sheet", presses: ["?"] },
      { does: "settings.shortcuts.close", presses: ["Esc"] },
    ],
  },
];
