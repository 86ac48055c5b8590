/** Gives the browser a small text to save, under a name. */
export async function saveWithBrowser(fileName: string, content: string): Promise<void> {
  const address = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser has taken it once the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
