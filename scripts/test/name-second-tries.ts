import { afterEach } from "vitest";

// A second try that succeeds counts as passed: it must not go unseen.
afterEach(({ task }) => {
  const tries = task.result?.retryCount ?? 0;
  if (tries > 0) process.stderr.write(`SECOND TRY: ${task.file.name} › ${task.name}\n`);
});
