/** The behaviour of the router's next version where it differs, so that nothing changes on the day it comes. */
export const ROUTER_AS_OF_7 = { v7_startTransition: true, v7_relativeSplatPath: true } as const;
