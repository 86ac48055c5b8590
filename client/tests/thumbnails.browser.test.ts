import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientWorld, startClientWorld, type Window } from "./client-world.ts";
import { jpegOf, pdfOf, pngOf, webmOf } from "./sample-files.ts";

let world: ClientWorld;
let alice: Window;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const tile = (name: string): Locator => alice.page.getByRole("gridcell", { name: new RegExp(name) });
const pictureOf = (name: string) =>
  tile(name)
    .locator(".card-picture img")
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      // Which of red, green and blue is strongest, at the left and at the right.
      const strongest = (x: number): number => {
        const [r = 0, g = 0, b = 0] = context.getImageData(x, 2, 1, 1).data;
        return [r, g, b].indexOf(Math.max(r, g, b));
      };
      return { width, height, left: strongest(2), right: strongest(width - 3) };
    });

describe("small pictures", () => {
  it("are made for what goes up, turned as the camera says, and shown in tiles and rows, here and after a reload", async () => {
    const { page } = alice;
    const upright = pngOf({ width: 1200, height: 900 });
    const files = [
      { name: "a view.png", mimeType: "image/png", buffer: upright },
      { name: "b turned.jpg", mimeType: "image/jpeg", buffer: await jpegOf(page, upright, 8) },
      { name: "c paper.pdf", mimeType: "application/pdf", buffer: pdfOf(["First page"]) },
      { name: "d film.webm", mimeType: "video/webm", buffer: await webmOf(page) },
      {
        name: "e huge.png",
        mimeType: "image/png",
        buffer: pngOf({ width: 8, height: 8, claims: { width: 100_000, height: 100_000 } }),
      },
      { name: "f broken.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") },
    ];
    await page.getByLabel("Upload files").setInputFiles(files);
    await page.getByText("Everything is there").waitFor();
    await page.getByText("6 files").waitFor();
    await page
      .getByRole("row", { name: /a view/ })
      .locator(".tile img")
      .waitFor();
    await page.getByRole("button", { name: "View", exact: true }).click();
    await page.getByRole("menuitemradio", { name: "Grid" }).click();
    await tile("d film").locator(".card-picture img").waitFor();
    expect(await pictureOf("a view")).toEqual({ width: 512, height: 384, left: 0, right: 2 });
    // A quarter to the left: what was the right side is above, so blue is there from left to right.
    expect(await pictureOf("b turned")).toEqual({ width: 384, height: 512, left: 2, right: 2 });
    expect(await pictureOf("c paper")).toMatchObject({ width: 361, height: 512 });
    expect(await pictureOf("d film")).toMatchObject({ width: 320, height: 180, left: 1, right: 1 });
    for (const name of ["e huge", "f broken"]) expect(await tile(name).locator("img").count()).toBe(0);

    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await tile("a view").locator(".card-picture img").waitFor();
    expect(await pictureOf("a view")).toMatchObject({ width: 512, height: 384 });
    // Kept sealed on this device: nobody is asked for them again.
    expect(asked.filter((path) => path.startsWith("/api/objects"))).toEqual([]);
    expect(alice.complaints).toEqual([]);
  });

  it("are gone from the window when it is locked", async () => {
    const { page } = alice;
    const address = await tile("a view").locator("img").getAttribute("src");
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Lock now" }).click();
    await page.getByRole("heading", { name: /Welcome back/ }).waitFor();
    const isThere = (at: string | null) =>
      fetch(at ?? "").then(
        () => true,
        () => false,
      );
    expect(await page.evaluate(isThere, address)).toBe(false);
  });
});
