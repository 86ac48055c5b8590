/** Brings a folder back to a moment: first a preview, then what it showed, as one ordinary commit. */

export type { Landmarks } from "./lineage.ts";
export { previewRewind } from "./preview.ts";
export { rewind } from "./rewind.ts";
export type { RewindChange, RewindLeft, RewindLoss, RewindPreview, Rewound, Since } from "./types.ts";
