import { defineConfig } from "vitest/config";
import { vitestProjects, WORKERS } from "./scripts/test/projects.ts";

export default defineConfig({
  test: {
    projects: vitestProjects(process.env),
    maxWorkers: WORKERS,
  },
});
