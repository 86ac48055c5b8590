import { useIonRouter } from "@ionic/react";
import { useState } from "react";
import { useLocation } from "react-router-dom";
import { type TextKey, useText } from "../../lib/text/index.ts";
import { Icon, type IconName } from "../controls/Icon.tsx";
import { Menu } from "../controls/Menu.tsx";

export interface MoreTabProps {
  readonly places: readonly { readonly to: string; readonly icon: IconName; readonly label: TextKey }[];
}

/** The last tab of a phone: places for which there is no room below. */
export function MoreTab({ places }: MoreTabProps) {
  const text = useText();
  const router = useIonRouter();
  const { pathname } = useLocation();
  const [at, setAt] = useState<Event>();
  const isHere = places.some(({ to }) => pathname.startsWith(to));
  return (
    <>
      <button
        type="button"
        className="place"
        aria-haspopup="menu"
        data-beside={isHere ? "" : undefined}
        onClick={(event) => setAt(event.nativeEvent)}
      >
        <Icon name="dots" />
        <span>{text("nav.more")}</span>
      </button>
      <Menu
        at={at}
        label={text("nav.more")}
        actions={places.map(({ to, icon, label }) => ({
          ...{ icon, label: text(label) },
          onChoose: () => router.push(to, "none"),
        }))}
        onClose={() => setAt(undefined)}
      />
    </>
  );
}
