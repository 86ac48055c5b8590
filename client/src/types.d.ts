/** What the build understands besides code. */

declare module "*.css";
declare module "@fontsource-variable/inter";
