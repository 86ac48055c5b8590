/** A world in a box: a real server, people with real clients, the network between them. */

export { type ArchiveOutcome, archive, treeOfZip } from "./archives.ts";
export { askingTerminal } from "./asking-terminal.ts";
export type { StoredValue } from "./database.ts";
export { dumpPostgres, dumpSqlite, storyDatabase } from "./database.ts";
export { Device } from "./device.ts";
export { everythingOn, everythingOutside } from "./everything.ts";
export { KillableServer } from "./killable-server.ts";
export type { LargeFolder } from "./large-folder.ts";
export { fillFolder } from "./large-folder.ts";
export { bytesSource, openSink, openSource, readFilesBelow, readTree } from "./local-files.ts";
export { Person } from "./person.ts";
export type { CliRun } from "./run-cli.ts";
export { runServerCli, runServerProgram } from "./run-cli.ts";
export { EMPTY_FOLDERS, growSampleTree, SAMPLE_FILES, sampleBytes } from "./sample-tree.ts";
export { seededRandom } from "./seeded-random.ts";
export type { ServerPlace, Step } from "./server-process.ts";
export { runWatched, ServerProcess, Steps } from "./server-process.ts";
export { type PersonName, passwordOf } from "./snapshot.ts";
export { Wire } from "./wire.ts";
export type { Backup, WorldOptions } from "./world.ts";
export { World } from "./world.ts";
