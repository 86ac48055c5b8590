/** Order matters: Ionic's own rules first, then our tokens, which its variables point at. */

import "@ionic/react/css/core.css";
import "@ionic/react/css/normalize.css";
import "@ionic/react/css/structure.css";
import "@ionic/react/css/typography.css";
import "@fontsource-variable/inter";
import "./tokens.css";
import "./ionic.css";
import "./base.css";
