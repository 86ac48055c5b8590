import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { nameChunk } from "./build/chunks.ts";
import { appPolicy } from "./src/native/policy.ts";

/** The mode in which the pages of the app are built. Any other builds those of a server. */
export const APP_MODE = "app";

/** Nobody sends the app's pages, so their policy stands in them; the program narrows it as soon as it runs (platform-app.ts). */
const policyInPage: Plugin = {
  name: "policy-in-page",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: appPolicy({}) },
      injectTo: "head-prepend",
    },
  ],
};

/** The app: everything but the service worker, which is built after it because it names every file (build/build.ts). */
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: mode === APP_MODE ? [react(), policyInPage] : [react()],
  resolve: {
    alias:
      mode === APP_MODE
        ? { "./platform-web.ts": fileURLToPath(new URL("src/native/platform-app.ts", import.meta.url)) }
        : {},
  },
  worker: { format: "es" },
  build: {
    target: "es2024",
    // Nothing inlined: the policy allows no data: addresses, and files are cached for ever by their name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ debugName: "chunks.ts", name: nameChunk, includeDependenciesRecursively: false }],
        },
      },
      treeshake: {
        // Ionic ships every component in one file and says nowhere that loading it does nothing: without this, elements
        // that no page uses are two thirds of the program.
        moduleSideEffects: [
          { test: /node_modules\/(@ionic\/(react|core)|ionicons|@stencil)\/.*\.js$/, sideEffects: false },
        ],
      },
    },
  },
}));
