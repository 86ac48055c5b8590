import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The app: everything but the service worker, which is built after it because it names every file (build/build.ts). */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    target: "es2024",
    // Nothing inlined: the policy allows no data: addresses, and files are cached for ever by their name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: false,
    rolldownOptions: {
      treeshake: {
        // Ionic ships every component in one file and says nowhere that loading it does nothing: without this, elements
        // that no page uses are two thirds of the program.
        moduleSideEffects: [
          { test: /node_modules\/(@ionic\/(react|core)|ionicons|@stencil)\/.*\.js$/, sideEffects: false },
        ],
      },
    },
  },
});
