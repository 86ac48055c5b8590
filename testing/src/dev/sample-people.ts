import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCliProgram, runServerProgram } from "../world/run-cli.ts";
import { growSampleTree } from "../world/sample-tree.ts";

export interface SamplePerson {
  readonly name: string;
  readonly password: string;
  readonly recoveryWords: readonly string[];
  /** EXCALIBUR_HOME of the device on which they are signed in. */
  readonly home: string;
}

interface Place {
  readonly folder: string;
  readonly dataFolder: string;
  /** Somebody does not want to wait for the end. */
  readonly signal: AbortSignal;
}

/** Each with what they keep. The first runs the server. */
const PEOPLE: readonly { readonly name: string; readonly keep: readonly string[] }[] = [
  { name: "amara", keep: ["everything"] },
  { name: "bogdan", keep: ["everything/letters", "everything/no extension"] },
  { name: "chiyo", keep: ["everything/日本語", "everything/emoji"] },
];

/** People who signed up and stored something, as everybody does it: by invitation, through the command line. */
export async function makeSamplePeople(place: Place, say: (line: string) => void): Promise<SamplePerson[]> {
  const samples = join(place.folder, "samples");
  await growSampleTree(join(samples, "everything"));
  const people: SamplePerson[] = [];
  for (const [index, { name, keep }] of PEOPLE.entries()) {
    const person = await signUp(place, name, { isAdmin: index === 0 });
    await run(place, person.home, ["put", "-r", "--quiet", ...keep.map((path) => join(samples, path)), "/"]);
    people.push(person);
    say(`${name} signed up and stored ${keep.join(", ")}.`);
  }
  const [first] = people;
  if (first !== undefined) await liveALittle(place, first.home, samples);
  return people;
}

/** A file with earlier versions, and something in the trash. */
async function liveALittle(place: Place, home: string, samples: string): Promise<void> {
  const diary = join(samples, "diary.md");
  for (const text of ["Monday\n", "Monday\nTuesday\n", "Monday\nTuesday\nWednesday\n"]) {
    await writeFile(diary, text);
    await run(place, home, ["put", "--replace", "--quiet", diary, "/"]);
  }
  await run(place, home, ["rm", "--quiet", "/everything/one byte"]);
}

async function signUp(place: Place, name: string, { isAdmin = false }): Promise<SamplePerson> {
  const [home, password] = [join(place.folder, "homes", name), `${name} works on Excalibur`];
  await mkdir(home, { recursive: true });
  const invite = ["--invite", await invitationTo(place.dataFolder, { isAdmin })];
  const signed = await run(place, home, ["sign-up", name, ...invite, "--password-stdin", "--json"], `${password}\n`);
  const { recoveryWords } = JSON.parse(signed) as { recoveryWords: string[] };
  return { name, password, recoveryWords, home };
}

/** An address that makes one account. */
export async function invitationTo(dataFolder: string, { isAdmin = false } = {}): Promise<string> {
  const args = ["invite", "create", "--json", ...(isAdmin ? ["--admin"] : [])];
  const { exitCode, stdout, stderr } = await runServerProgram({ dataFolder }, args);
  if (exitCode !== 0) throw new Error(`excalibur-server invite create failed: ${stderr}`);
  return (JSON.parse(stdout) as { url: string }).url;
}

async function run({ signal }: Place, home: string, args: readonly string[], stdin?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCliProgram(home, args, {
    signal,
    ...(stdin === undefined ? {} : { stdin }),
  });
  if (exitCode !== 0) throw new Error(`excalibur ${args[0]} failed: ${stderr}`);
  return stdout;
}
