import type { Page } from "playwright-core";

/** Colours of a landscape, from above to below. */
export interface Scene {
  readonly sky: readonly [string, string];
  readonly sun?: string;
  readonly hills: readonly string[];
  /** Which one of many. */
  readonly seed: number;
}

const WIDTH = 1600;
const HEIGHT = 1200;

/** A photograph that nobody took: pictures for the README show files of nobody. As JPEG. */
export async function drawScene(page: Page, scene: Scene): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ({ sky, sun, hills, seed, width, height }) => {
      const canvas = new OffscreenCanvas(width, height);
      const pen = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
      const air = pen.createLinearGradient(0, 0, 0, height * 0.7);
      air.addColorStop(0, sky[0]);
      air.addColorStop(1, sky[1]);
      pen.fillStyle = air;
      pen.fillRect(0, 0, width, height);
      if (sun !== undefined) {
        pen.fillStyle = sun;
        pen.beginPath();
        pen.arc(width * (0.25 + 0.5 * ((seed * 0.37) % 1)), height * 0.36, height * 0.08, 0, 7);
        pen.fill();
      }
      for (const [layer, colour] of hills.entries()) {
        const base = height * (0.5 + (0.45 * (layer + 0.4)) / hills.length);
        pen.fillStyle = colour;
        pen.beginPath();
        pen.moveTo(0, height);
        for (let x = 0; x <= width; x += 8) {
          const t = x / width + seed * 1.7 + layer * 0.9;
          const up = Math.sin(t * 5) * 0.09 + Math.sin(t * 11 + seed) * 0.045 + Math.abs(Math.sin(t * 23)) * 0.02;
          pen.lineTo(x, base - up * height * (1 - layer * 0.18));
        }
        pen.lineTo(width, height);
        pen.fill();
      }
      const made = new Uint8Array(
        await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.86 })).arrayBuffer(),
      );
      let text = "";
      for (const byte of made) text += String.fromCharCode(byte);
      return btoa(text);
    },
    { ...scene, width: WIDTH, height: HEIGHT },
  );
  return Buffer.from(base64, "base64");
}
