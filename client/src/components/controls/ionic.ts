import { setupIonicReact } from "@ionic/react";

/** Comes with whatever of Ionic is loaded first. Before the drive there is nothing of it (docs/decisions/0064). */
setupIonicReact({
  mode: "ios",
  rippleEffect: false,
  // Android's way back goes through the history, as that of browsers does.
  hardwareBackButton: false,
  swipeBackEnabled: false,
  animated: !matchMedia("(prefers-reduced-motion: reduce)").matches,
});
