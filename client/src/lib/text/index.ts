/** Words, numbers, sizes and dates in the language of the person. */

export { errorText, type Failure } from "./errors.ts";
export { formatBytes, formatDate, formatDateTime, formatNumber, formatPercent, formatSpeed } from "./format.ts";
export { language, loadLanguage, type TextKey, text } from "./language.ts";
export { useText } from "./use-text.ts";
