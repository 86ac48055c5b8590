/** English words that no page before sign-in needs. Pages that show some of them import this, and so they come with those pages. */

import { later } from "./en/later.ts";
import { addTexts } from "./language.ts";

addTexts(later);
