/** How a file is shown, by the ending of its name. What it really is decides afterwards whether it can be. */
export type ViewKind =
  | { readonly by: "picture" }
  | { readonly by: "markdown" }
  /** language: the highlighter's word for it; undefined: plain text. */
  | { readonly by: "text"; readonly language: string | undefined }
  | { readonly by: "pdf" }
  | { readonly by: "audio" | "video"; readonly mediaType: string }
  /** isPicture: of a kind that browsers do not draw. */
  | { readonly by: "nothing"; readonly isPicture: boolean };

const PICTURES = "avif bmp gif ico jpeg jpg png svg webp";
const OTHER_PICTURES = "arw cr2 cr3 dng heic heif jxl nef psd raw tif tiff";

const AUDIO: Readonly<Record<string, string>> = {
  aac: "audio/aac",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  weba: "audio/webm",
};

const VIDEO: Readonly<Record<string, string>> = {
  m4v: "video/mp4",
  mkv: "video/matroska",
  mov: "video/quicktime",
  mp4: "video/mp4",
  ogv: "video/ogg",
  webm: "video/webm",
};

/** Endings of texts, by the name of their language; those without one are shown as they are. */
const LANGUAGES: Readonly<Record<string, string>> = {
  bash: "bash sh zsh",
  c: "c h",
  cpp: "cc cpp cxx hh hpp",
  csharp: "cs",
  css: "css",
  diff: "diff patch",
  go: "go",
  graphql: "graphql",
  ini: "cfg conf ini toml",
  java: "java",
  javascript: "cjs js jsx mjs",
  json: "json jsonl",
  kotlin: "kt kts",
  less: "less",
  lua: "lua",
  makefile: "makefile mk",
  objectivec: "m mm",
  perl: "pl pm",
  php: "php",
  python: "py",
  r: "r",
  ruby: "rb",
  rust: "rs",
  scss: "scss",
  sql: "sql",
  swift: "swift",
  typescript: "cts mts ts tsx",
  vbnet: "vb",
  xml: "htm html plist xhtml xml xsl",
  yaml: "yaml yml",
};
const PLAIN = "csv ics log srt text tsv txt vcf vtt";

const LANGUAGE_OF = new Map(
  Object.entries(LANGUAGES).flatMap(([language, endings]) => endings.split(" ").map((ending) => [ending, language])),
);

function isOneOf(endings: string, ending: string): boolean {
  return endings.split(" ").includes(ending);
}

/** The ending of a name, in small letters; of a name without a dot the whole name, as in "Makefile". */
export function viewEnding(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

export function viewKindOf(name: string): ViewKind {
  const ending = viewEnding(name);
  if (isOneOf(PICTURES, ending)) return { by: "picture" };
  if (ending === "pdf") return { by: "pdf" };
  if (ending === "md" || ending === "markdown") return { by: "markdown" };
  const [audio, video] = [Object.hasOwn(AUDIO, ending), Object.hasOwn(VIDEO, ending)];
  if (audio) return { by: "audio", mediaType: AUDIO[ending] as string };
  if (video) return { by: "video", mediaType: VIDEO[ending] as string };
  const language = LANGUAGE_OF.get(ending);
  if (language !== undefined || isOneOf(PLAIN, ending)) return { by: "text", language };
  return { by: "nothing", isPicture: isOneOf(OTHER_PICTURES, ending) };
}

/** Whether a small picture is made of it when it goes up. */
export function canHaveThumbnail(name: string): boolean {
  const { by } = viewKindOf(name);
  return by === "picture" || by === "pdf" || by === "video";
}
