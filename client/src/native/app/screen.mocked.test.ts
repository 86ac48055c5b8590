import { beforeEach, describe, expect, it, vi } from "vitest";
import { guardScreen, paintSystemBars } from "./screen.ts";

const phone = vi.hoisted(() => ({
  goBack: (_event: { canGoBack: boolean }): void => undefined,
  minimized: 0,
  guarded: [] as unknown[],
  bars: [] as unknown[],
}));

vi.mock("@capacitor/app", () => ({
  App: {
    addListener: async (name: string, listener: typeof phone.goBack) => {
      if (name === "backButton") phone.goBack = listener;
    },
    minimizeApp: async () => {
      phone.minimized += 1;
    },
  },
}));
vi.mock("@capacitor/core", () => ({
  SystemBarsStyle: { Dark: "DARK", Light: "LIGHT" },
  SystemBars: { setStyle: async (style: unknown) => void phone.bars.push(style) },
}));
vi.mock("@capacitor/privacy-screen", () => ({
  PrivacyScreen: { enable: async (options: unknown) => void phone.guarded.push(options) },
}));

const back = vi.fn();

beforeEach(() => {
  vi.stubGlobal("history", { back });
  back.mockClear();
});

describe("the screen of a phone", () => {
  it("is hidden from the list of apps, and on Android from pictures of the screen", async () => {
    await guardScreen();
    expect(phone.guarded).toEqual([
      {
        android: { preventScreenshots: true, privacyModeOnActivityHidden: "splash" },
        ios: { blurEffect: "dark" },
      },
    ]);
  });

  it("goes back through what was opened, and leaves the app only from its first page", async () => {
    await guardScreen();
    phone.goBack({ canGoBack: true });
    expect([back.mock.calls.length, phone.minimized]).toEqual([1, 0]);
    phone.goBack({ canGoBack: false });
    expect([back.mock.calls.length, phone.minimized]).toEqual([1, 1]);
  });

  it("shows the system's signs on dark and on light pages", () => {
    paintSystemBars(true);
    paintSystemBars(false);
    expect(phone.bars).toEqual([{ style: "DARK" }, { style: "LIGHT" }]);
  });
});
