import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useSession } from "../../Contexts.tsx";
import { callback, type FileItem } from "../../lib/session/index.ts";
import { makeThumbnail } from "../../lib/thumbnails/make-thumbnail.ts";
import { ThumbnailStore } from "../../lib/thumbnails/thumbnail-store.ts";

const ThumbnailContext = createContext<ThumbnailStore | undefined>(undefined);

/** Small pictures of the open drive: shown by lists, made for what goes up. Gone when the drive is locked. */
export function Thumbnails({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const [store] = useState(() => new ThumbnailStore({ session, onFailure: (failure) => session.report(failure) }));
  useEffect(() => {
    void session.engine.thumbnails.offer(callback(makeThumbnail));
    return () => store.clear();
  }, [session, store]);
  return <ThumbnailContext value={store}>{children}</ThumbnailContext>;
}

const NOTHING = () => () => undefined;

/** The address of an item's small picture, once it is here. */
export function useThumbnail(item: FileItem): string | undefined {
  const store = useContext(ThumbnailContext);
  const address = useSyncExternalStore(store?.subscribe ?? NOTHING, () => store?.address(item));
  useEffect(() => {
    store?.want(item);
    return () => store?.unwant(item);
  }, [store, item]);
  return address;
}
