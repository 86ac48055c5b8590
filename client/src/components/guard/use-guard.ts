import { useCallback, useEffect, useState } from "react";
import { useSession } from "../../Contexts.tsx";
import { type GuardStore, guardStore } from "../../native/index.ts";

export interface Guard {
  readonly store: GuardStore;
  /** Whether it unlocks this drive. */
  readonly isOn: boolean;
  reload(): void;
}

/** undefined: this device has no key store that asks for a face or a finger, or it is not known yet. */
export function useGuard(): Guard | undefined {
  const session = useSession();
  const [found, setFound] = useState<Pick<Guard, "store" | "isOn">>();
  const reload = useCallback(() => {
    const look = async (): Promise<void> => {
      const store = await guardStore();
      setFound(store && { store, isOn: await session.engine.accounts.isGuarded() });
    };
    look().catch((error: unknown) => session.report(error));
  }, [session]);
  useEffect(reload, [reload]);
  return found && { ...found, reload };
}
