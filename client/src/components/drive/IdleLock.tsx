import { useEffect } from "react";
import { useSession, useTransfers } from "../../Contexts.tsx";
import { usePreferences } from "../../lib/preferences/index.ts";
import { IdleWatch, sharedTouch } from "../../lib/session/index.ts";

const CHECK_EVERY_MS = 5_000;
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "focus"] as const;

/** Locks the drive when nobody has touched any of its windows for as long as the person chose. Draws nothing. */
export function IdleLock() {
  const session = useSession();
  const transfers = useTransfers();
  const { lockAfterMinutes } = usePreferences();
  useEffect(() => {
    if (lockAfterMinutes === 0) return;
    const watch = new IdleWatch({
      limitMs: lockAfterMinutes * 60_000,
      memory: sharedTouch,
      nowMs: () => Date.now(),
      isBusy: () => transfers.state.isRunning,
      onIdle: () => void session.lock().catch((error: unknown) => session.report(error)),
    });
    const [touch, check] = [() => watch.touch(), () => watch.check()];
    check();
    const timer = setInterval(check, CHECK_EVERY_MS);
    document.addEventListener("visibilitychange", check);
    for (const name of TOUCHES) addEventListener(name, touch, { passive: true });
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", check);
      for (const name of TOUCHES) removeEventListener(name, touch);
    };
  }, [lockAfterMinutes, session, transfers]);
  return null;
}
