import type { Files } from "@excalibur/sdk";

export interface ExpiryOptions {
  /** Whether the drive is still the one that is open here. */
  readonly isOpen: () => boolean;
  readonly onProblem: (error: unknown) => void;
}

/**
 * What has been in the trash for thirty days goes, and so do versions as old, while the drive is used; the sdk looks once a day.
 * That it could not is told, but for a drive that was locked meanwhile.
 */
export async function expireOld(
  files: Pick<Files, "expireWhenDue">,
  { isOpen, onProblem }: ExpiryOptions,
): Promise<void> {
  try {
    await files.expireWhenDue();
  } catch (error) {
    if (isOpen()) onProblem(error);
  }
}
