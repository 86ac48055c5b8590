import { readFile } from "node:fs/promises";
import type { Device } from "@excalibur/testing";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accessibilityProblems, type ClientWorld, startClientWorld, type Window } from "./client-world.ts";
import { alterObject, pdfOf, pngOf, wavOf } from "./sample-files.ts";

let world: ClientWorld;
let alice: Window;
let laptop: Device;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  laptop = await world.laptop("alice");
  const files: Record<string, Uint8Array | string> = {
    "a view.png": pngOf({ width: 400, height: 300 }),
    "b broken.png": "this is no picture",
    "c huge.png": pngOf({ width: 8, height: 8, claims: { width: 100_000, height: 100_000 } }),
    "d plan.md": "# Plan\n\n- [x] book\n- [ ] pack\n\n[map](https://example.org/)\n",
    "e code.ts": "export const answer: number = 42;\n",
    "f song.wav": wavOf(60),
    "g thing.xyz": "some text after all",
    "h nothing.txt": "",
    "i film.mp4": "no film at all, but long enough to look for one in it",
    "k paper.pdf": pdfOf(["First page", "Second page", "Third page"]),
    "l no paper.pdf": "no paper at all",
    "j long.txt": "x".repeat(2 * 1024 * 1024 + 1),
  };
  for (const [name, content] of Object.entries(files)) await laptop.write(`/Look/${name}`, content);
  await alice.page.getByRole("row", { name: /^Look/ }).dblclick();
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const viewer = (): Locator => alice.page.getByRole("dialog", { name: /^Preview of/ });
const row = (name: RegExp): Locator => alice.page.getByRole("row", { name });
const press = (key: string) => alice.page.keyboard.press(key);
const look = async (name: RegExp): Promise<void> => {
  await row(name).dblclick();
  await viewer().getByRole("heading", { level: 1, name }).waitFor();
};
const close = async (): Promise<void> => {
  await press("Escape");
  await viewer().waitFor({ state: "detached" });
};

beforeEach(async () => {
  // What a try before left open.
  if ((await viewer().count()) > 0) await close();
});

describe("a picture", () => {
  it("opens by two clicks over its folder, grows, says what it is, and leaves the folder as it was", async () => {
    const { page } = alice;
    const folder = page.url();
    await look(/a view/);
    expect(page.url()).toMatch(new RegExp(`^${folder}#view=[\\w-]{22}\\.[\\w-]{22}$`));
    const picture = viewer().getByRole("img", { name: "Picture a view.png" });
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([
      400, 300,
    ]);
    await viewer().getByText("1 of 12").waitFor();
    await press("i");
    await viewer().getByText("400 × 300 pixels").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const width = await picture.evaluate((image) => image.clientWidth);
    await viewer().getByRole("button", { name: "Larger" }).click();
    expect(await picture.evaluate((image) => image.clientWidth)).toBeGreaterThan(width);
    await close();
    expect(page.url()).toBe(folder);
    expect(await row(/a view/).getAttribute("aria-selected")).toBe("true");
    // Keys go on where they were: Enter looks at it again.
    await press("Enter");
    await picture.waitFor();
    await close();
    expect(await row(/a view/).evaluate((item) => item === document.activeElement)).toBe(true);
  });

  it("that is none, or says that it is larger than a memory, is not decoded, and offers itself as a download", async () => {
    await look(/a view/);
    await press("ArrowRight");
    await viewer().getByText("This is no picture that browsers can draw").waitFor();
    await press("ArrowRight");
    await viewer().getByText("100,000 × 100,000 pixels").waitFor();
    const download = alice.page.waitForEvent("download");
    await viewer().getByRole("button", { name: "Download" }).last().click();
    expect((await download).suggestedFilename()).toBe("c huge.png");
    await press("ArrowLeft");
    await press("ArrowLeft");
    const picture = viewer().getByRole("img", { name: "Picture a view.png" });
    await picture.waitFor();
    // A finger that is drawn across it.
    await picture.evaluate((element) => {
      const at = { bubbles: true, pointerType: "touch", clientY: 300 };
      element.dispatchEvent(new PointerEvent("pointerdown", { ...at, clientX: 700 }));
      element.dispatchEvent(new PointerEvent("pointerup", { ...at, clientX: 500 }));
    });
    await viewer().getByText("2 of 12").waitFor();
    await close();
  });
});

describe("a text", () => {
  it("is formatted where it is Markdown, and coloured where it is code", async () => {
    await look(/d plan/);
    await viewer().getByRole("heading", { level: 2, name: "Plan" }).waitFor();
    expect(await viewer().getByRole("link", { name: "map" }).getAttribute("rel")).toBe("noopener noreferrer");
    expect(await viewer().getByRole("listitem").allInnerTexts()).toEqual(["☑ book", "☐ pack"]);
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await press("ArrowRight");
    await viewer().locator(".code-number", { hasText: "42" }).waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await close();
  });

  it("that is empty or too long says so, and one without a known ending is shown if somebody wants it", async () => {
    await look(/h nothing/);
    await viewer().getByText("This file is empty").waitFor();
    await close();
    await look(/j long/);
    await viewer().getByText("Too large for a preview").waitFor();
    await close();
    await look(/g thing/);
    await viewer().getByText("No preview for this kind of file").waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await viewer().getByRole("button", { name: "Show it as text" }).click();
    await viewer().getByText("some text after all").waitFor();
    await close();
  });
});

describe("a PDF file", () => {
  it("is drawn page by page, with text that can be read out and marked", async () => {
    const { page } = alice;
    await look(/k paper/);
    await viewer().getByText("First page").waitFor();
    await viewer().getByText("Page 1 of 3").waitFor();
    const first = viewer().getByRole("region", { name: "Page 1" }).locator("canvas");
    const darkest = await first.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      return data.reduce((least, part, index) => (index % 4 === 3 ? least : Math.min(least, part)), 255);
    });
    expect(darkest).toBeLessThan(60);
    expect(await accessibilityProblems(page)).toEqual([]);
    await viewer()
      .getByRole("region", { name: "k paper.pdf" })
      .evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await viewer().getByText("Page 3 of 3").waitFor();
    await viewer().getByText("Third page").waitFor();
    await press("ArrowRight");
    await viewer().getByText("This is no PDF file").waitFor();
    await close();
    // What few files need is not kept by everybody for use without a connection.
    const kept = await page.evaluate(async () => {
      const [name = ""] = await caches.keys();
      return (await (await caches.open(name)).keys()).map(({ url }) => url.slice(url.lastIndexOf(".")));
    });
    expect(kept).toContain(".js");
    expect(kept.filter((ending) => [".bcmap", ".pfb", ".ttf", ".wasm"].includes(ending))).toEqual([]);
  });
});

describe("a sound", () => {
  it("plays before it is here, and seeks", async () => {
    const { page, asked } = alice;
    await look(/f song/);
    const player = viewer().getByLabel("Sound f song.wav");
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
    expect(await player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBe(60);
    await player.evaluate(
      (audio: HTMLAudioElement) =>
        new Promise((resolve) => {
          audio.addEventListener("seeked", resolve, { once: true });
          audio.currentTime = 55;
        }),
    );
    await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(55);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(asked.some((address) => /\/streams\/[\w-]{22}$/.test(address))).toBe(true);
    await close();
  });

  it("or film that is none says so", async () => {
    await look(/i film/);
    await viewer().getByText("This browser cannot play this kind of film or sound").waitFor();
    await close();
  });
});

describe("an earlier version", () => {
  it("is looked at and downloaded from the details", async () => {
    const { page } = alice;
    await laptop.write("/Look/e code.ts", "export const answer = 43;\n", { onConflict: "replace" });
    await page.getByRole("button", { name: "Details" }).click();
    await row(/e code/).click();
    await page.getByRole("button", { name: /^Look at the version of/ }).click();
    await viewer().locator(".code-number", { hasText: "42" }).waitFor();
    await viewer().getByText("As it was on").waitFor();
    const coming = page.waitForEvent("download");
    await viewer().getByRole("button", { name: "Download" }).click();
    expect(await readFile(await (await coming).path(), "utf8")).toContain("42");
    await close();
    await look(/e code/);
    await viewer().locator(".code-number", { hasText: "43" }).waitFor();
    await close();
    await page.getByRole("button", { name: "Close the details" }).click();
  });
});

describe("a file that was altered on the server", () => {
  it("stops clearly, and nothing of it is shown", async () => {
    const { page } = alice;
    const { objectId } = (await laptop.find("/Look/a view.png")).entry.file as { objectId: Uint8Array };
    await alterObject(world.world.serverFolder, objectId);
    await look(/a view/);
    await viewer().getByText("This file is damaged").waitFor();
    expect(await viewer().getByRole("img").count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await alterObject(world.world.serverFolder, objectId);
    await viewer().getByRole("button", { name: "Try again" }).click();
    await viewer().getByRole("img", { name: "Picture a view.png" }).waitFor();
    await close();
    const song = (await laptop.find("/Look/f song.wav")).entry.file as { objectId: Uint8Array };
    await alterObject(world.world.serverFolder, song.objectId);
    await look(/f song/);
    await viewer().getByText("This file is damaged").waitFor();
    await close();
  });

  it("left nothing in the way: no violation of the policy, no error of the program", () => {
    expect(alice.complaints).toEqual([]);
  });
});
