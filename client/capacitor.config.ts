import type { CapacitorConfig } from "@capacitor/cli";

/** Read by `npm run mobile`, which writes it into android/ and ios/. */
const config: CapacitorConfig = {
  appId: "org.excalibur.drive",
  appName: "Excalibur",
  webDir: "mobile/dist",
  // Calls of plugins carry names of files and what opens a drive: none of it belongs in a log of the device.
  loggingBehavior: "none",
  zoomEnabled: false,
  backgroundColor: "#f6f8fb",
  server: { androidScheme: "https", iosScheme: "capacitor", hostname: "localhost" },
  android: { allowMixedContent: false, webContentsDebuggingEnabled: false, minWebViewVersion: 126 },
  ios: { contentInset: "never", webContentsDebuggingEnabled: false, allowsLinkPreview: false },
  // Packages for iOS 18 are described in the words of Swift 6.
  experimental: { ios: { spm: { swiftToolsVersion: "6.0" } } },
  plugins: {
    // The program asks the network itself, under its policy: nothing of it goes past the browser.
    CapacitorHttp: { enabled: false },
    CapacitorCookies: { enabled: false },
    // The page keeps clear of them by what CSS says of the safe area.
    SystemBars: { insetsHandling: "css", style: "DEFAULT" },
  },
};

export default config;
