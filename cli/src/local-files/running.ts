/** Another program of this computer that may still be writing. A number that was given anew only costs fetching again, or a leftover that stays. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
