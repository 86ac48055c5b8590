import { readText, type TextToRead } from "./read-text.ts";

/** One text, then it is ended: what takes too long for it takes nothing from the page. */
addEventListener("message", ({ data: asked }: MessageEvent<TextToRead>) => {
  postMessage(readText(asked) ?? null);
});
