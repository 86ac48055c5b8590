import { App } from "@capacitor/app";
import { SystemBars, SystemBarsStyle } from "@capacitor/core";
import { PrivacyScreen } from "@capacitor/privacy-screen";

/**
 * Nothing of a drive is in the list of recent apps, nor, on Android, in pictures and films of the screen. And Android's way
 * back goes through what was opened here, dialogs included ([Note: Back]), before it leaves the app, which stays as it is.
 */
export async function guardScreen(): Promise<void> {
  await App.addListener("backButton", ({ canGoBack }) => {
    if (canGoBack) history.back();
    else void App.minimizeApp();
  });
  await PrivacyScreen.enable({
    android: { preventScreenshots: true, privacyModeOnActivityHidden: "splash" },
    ios: { blurEffect: "dark" },
  });
}

/** Dark pages want light signs in the bars above and below them. */
export function paintSystemBars(isDark: boolean): void {
  void SystemBars.setStyle({ style: isDark ? SystemBarsStyle.Dark : SystemBarsStyle.Light });
}
