import { type PointerEvent, useRef } from "react";

const PRESS_MS = 450;
const STILL_PX = 10;

export interface LongPress {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
  /** Whether the click that comes now ends a long press; asking forgets it. */
  wasPressed(): boolean;
}

/** A finger that stays where it is. */
export function useLongPress(onPress: (target: Element) => void): LongPress {
  const state = useRef<{ timer?: ReturnType<typeof setTimeout>; x: number; y: number; isPressed: boolean }>({
    x: 0,
    y: 0,
    isPressed: false,
  });
  const stop = (): void => clearTimeout(state.current.timer);
  return {
    onPointerDown: ({ pointerType, target, clientX, clientY }) => {
      stop();
      state.current = { x: clientX, y: clientY, isPressed: false };
      if (pointerType !== "touch") return;
      state.current.timer = setTimeout(() => {
        state.current.isPressed = true;
        onPress(target as Element);
      }, PRESS_MS);
    },
    onPointerMove: ({ clientX, clientY }) => {
      const { x, y } = state.current;
      if (Math.hypot(clientX - x, clientY - y) > STILL_PX) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    wasPressed: () => {
      const { isPressed } = state.current;
      state.current.isPressed = false;
      return isPressed;
    },
  };
}
