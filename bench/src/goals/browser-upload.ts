import { createHash } from "node:crypto";
import { link, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPairs } from "../pairs.ts";
import { writeReport } from "../report.ts";
import { digest, writeRandomFile } from "../sample-files.ts";
import {
  enterPlainly,
  openPlainly,
  PERSON,
  startPlainServer,
  startWebClient,
  uploadInClient,
  uploadPlainly,
} from "../web-client.ts";

const SIZE_MIB = 256;
/** At least 0.6 of the speed. */
const MOST_TIME = 1 / 0.6;

/** Goal 6: a file is encrypted and stored by the page, against one PUT of the same file by a plain page to a plain server. */
export async function measureBrowserUpload({ pairs }: { readonly pairs: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-bench-"));
  try {
    const source = join(folder, "sample.bin");
    await writeRandomFile(source, SIZE_MIB * 2 ** 20);
    const expected = await digest(source);
    const stored = await mkdtemp(join(folder, "stored-"));
    await using world = await startWebClient();
    await using client = await enterPlainly(world);
    await using plain = await startPlainServer(
      { "/": { type: "text/html", body: "<!doctype html><title>A form</title><input type=file>" } },
      { folder: stored },
    );
    await using page = await openPlainly(plain);
    const laptop = await world.laptop(PERSON);

    const product = async (round: number) => {
      // A name that no round before has used: nobody is asked what to do with the other.
      const path = join(folder, `round ${round}.bin`);
      await link(source, path);
      const { seconds } = await uploadInClient(client, path);
      await laptop.catchUp();
      const hash = createHash("sha256").update(await laptop.read(`/round ${round}.bin`));
      if (hash.digest("hex") !== expected) throw new Error("What the drive gives back is not what was sent.");
      return { seconds };
    };
    const peer = async () => {
      const seconds = await uploadPlainly(page, source);
      if ((await digest(join(stored, "sample.bin"))) !== expected)
        throw new Error("The plain server has something else.");
      return { seconds };
    };
    const result = await runPairs({
      ...{ pairs, product, peer },
      onPair: (round, mine, theirs) =>
        process.stdout.write(`pair ${round + 1} of ${pairs}: ${mine["seconds"]} s, ${theirs["seconds"]} s\n`),
    });
    const { seconds } = result.ratio;
    if (seconds === undefined) throw new Error("Nothing was measured.");
    await writeReport({
      name: "browser-upload",
      title: `Upload of ${SIZE_MIB} MiB by the page against a plain PUT`,
      verdicts: [{ what: "time", measured: seconds.median, goal: MOST_TIME, unit: "×" }],
      rows: [{ label: "time ratio", summary: seconds, goal: MOST_TIME }],
      details: result,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
