/** Which server an app speaks to. */
export const server = {
  title: "Where is your drive?",
  lead: "Excalibur runs on a server of yours, or of somebody you know. Enter its address, or paste your invitation.",
  address: "Address of the server",
  addressHint: "Such as drive.example.org",
  submit: "Continue",
  working: "Looking for it…",
  other: "Another server",
} as const;

export const serverErrors = {
  bad_address: "That is not the address of a server. It looks like https://drive.example.org. Nothing was sent.",
  insecure_server:
    "That address begins with http://, so anybody on the way could answer in the server's place. Nothing was sent. Use its https:// address; whoever runs the server knows it.",
  upgrade_needed:
    "This program and the server are too far apart in age. Your files are safe; update the app, or ask whoever runs the server to update it.",
} as const;

/** What was saved on a phone. */
export const saved = {
  message: "Saved in Documents: {{name}}",
  open: "Open",
  share: "Share",
  words: "Saved in Documents",
} as const;

export const savedErrors = {
  saving_failed:
    "This device would not save the file, perhaps for want of space. On the drive nothing changed; free some space and try again.",
} as const;
