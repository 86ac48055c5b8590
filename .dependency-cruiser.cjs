/**
 * Excalibur's import rules, checked by `npm run check:imports` and in `npm test`. The comment of a rule is what you see when it fires.
 * Every rule has a known-bad example in scripts/imports/fixtures; a rule comes in with the room it guards, because one that matches no
 * file guards nothing and fails the check.
 */

/** Tests, suites and rooms called testing may reach further than the product. */
const TEST = "\\.(test|suite|bench)\\.tsx?$|/src/testing/";
const CRYPTO_LIBRARY = "node_modules/(@noble|@scure|@hpke|@serenity-kit|hash-wasm)";

const everywhere = [
  {
    name: "no-cycles",
    comment: "Two files that need each other to run are one file, or need a third. Types may speak of each other.",
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  },
  {
    name: "no-unresolvable",
    comment: "An import that leads nowhere is not checked by any other rule.",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "no-test-code-in-product",
    comment: "Tests, suites, testing and bench import the product, never the reverse.",
    from: { path: "^(core|sdk|server|cli|client)/src", pathNot: TEST },
    to: { path: `${TEST}|^(testing|bench)/` },
  },
  {
    name: "crypto-library-only-in-primitives",
    comment: "core/src/primitives is the one place that names a crypto library.",
    from: { path: "^(core|sdk|server|cli|client)/src", pathNot: `^core/src/primitives/|${TEST}` },
    to: { path: CRYPTO_LIBRARY },
  },
  {
    name: "rooms-are-strangers",
    comment: "cli, client and server never import each other; they meet on the wire.",
    from: { path: "^(cli|client|server)/src", pathNot: TEST },
    to: { path: "^(cli|client|server)/src", pathNot: "^$1/" },
  },
];

const core = [
  {
    name: "core-is-the-floor",
    comment: "core imports nothing of ours.",
    from: { path: "^core/src" },
    to: { path: "^(sdk|server|cli|client)/" },
  },
  {
    name: "core-is-isomorphic",
    comment: "core runs in browser, worker and Node; only primitives/platform/node.ts names node: modules.",
    from: { path: "^core/src", pathNot: `^core/src/primitives/platform/node\\.ts$|${TEST}` },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "core-rooms-by-front-door",
    comment: "Another room of core is entered by its index.ts.",
    from: { path: "^core/src/([^/]+)/", pathNot: TEST },
    to: { path: "^core/src/", pathNot: "^core/src/$1/|/index\\.ts$" },
  },
  {
    name: "protocol-is-crypto-free",
    comment: "The wire contract is schemas, ids, codes and sizes only.",
    from: { path: "^core/src/protocol/", pathNot: TEST },
    to: { path: "^core/src/(primitives|exef|keys|volume|identity|standalone|requests|legacy)/" },
  },
  {
    name: "primitives-below-formats",
    comment: "bytes and primitives know bytes, not files, keys or messages.",
    from: { path: "^core/src/(bytes|primitives)/", pathNot: TEST },
    to: { path: "^core/src/(exef|keys|volume|identity|protocol|standalone|requests|legacy)/" },
  },
  {
    name: "public-formats-need-no-secret",
    comment: "What a server may know must not lead to what opens or seals.",
    from: { path: "^core/src/(exef/public|volume/record|identity|protocol)/", pathNot: TEST },
    to: { path: "^core/src/(keys|exef/secret|volume/content|standalone|requests|legacy)/", reachable: true },
  },
];

const sdk = [
  {
    name: "sdk-is-headless",
    comment: "No UI and no other program: what the platform has arrives as ports (sdk/src/ports).",
    from: { path: "^sdk/src", pathNot: TEST },
    to: { path: "node_modules/(react|@ionic|@capacitor)|^(server|cli|client)/" },
  },
  {
    name: "sdk-no-node",
    comment: "The sdk runs in a browser: what node: modules do comes in through ports.",
    from: { path: "^sdk/src", pathNot: TEST },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "sdk-rooms-by-front-door",
    comment: "Another room of the sdk is entered by its index.ts or types.ts, or by errors.ts to know what went wrong.",
    from: { path: "^sdk/src/([^/]+)/", pathNot: TEST },
    to: { path: "^sdk/src/([^/]+)/", pathNot: "^sdk/src/$1/|/(index|types|errors)\\.ts$" },
  },
  {
    name: "sdk-crypto-in-crypto-files",
    comment:
      "Inside a room of the sdk only crypto.ts touches keys and sealed formats; account, whose matter they are, may.",
    from: { path: "^sdk/src", pathNot: `/crypto\\.ts$|^sdk/src/account/|${TEST}` },
    to: { path: "^core/src/(keys|exef|volume/content|primitives|standalone|requests|legacy)/" },
  },
  {
    name: "sdk-transport-in-api-files",
    comment:
      "Inside a room of the sdk only api.ts speaks HTTP or WebSocket; account, which makes the sessions, may. Types and errors.ts may pass.",
    from: { path: "^sdk/src", pathNot: `/api\\.ts$|^sdk/src/(transport|account)/|^sdk/src/[^/]+\\.ts$|${TEST}` },
    to: { path: "^sdk/src/transport/", pathNot: "/(types|errors)\\.ts$", dependencyTypesNot: ["type-only"] },
  },
];

const server = [
  {
    name: "server-cannot-decrypt",
    comment: "The server verifies records; it never reaches code that opens or seals, not even through another file.",
    from: { path: "^server/src", pathNot: TEST },
    to: { path: "^core/src/(keys|exef/secret|volume/content|standalone|requests|legacy)/", reachable: true },
  },
  {
    name: "routes-call-services",
    comment: "A route validates, calls one service and answers. It never opens a store.",
    from: { path: "^server/src/api/", pathNot: TEST },
    to: { path: "^server/src/(db|storage|cli)/" },
  },
  {
    name: "services-know-no-http",
    comment: "Services know neither HTTP nor the command line.",
    from: { path: "^server/src/(services|auth)/", pathNot: TEST },
    to: { path: "^server/src/(api|cli)/|node_modules/(@?fastify)" },
  },
  {
    name: "stores-are-leaves",
    comment: "db and storage know nothing above them.",
    from: { path: "^server/src/(db|storage)/", pathNot: TEST },
    to: { path: "^server/src/(api|services|auth|jobs|cli|realtime)/" },
  },
  {
    name: "blob-store-by-interface",
    comment:
      "Only context.ts chooses between the kinds of storage, and backup copies the files of the one on disk; everybody else knows the interface and its errors.",
    from: { path: "^server/src", pathNot: `^server/src/(context\\.ts|storage/|backup/)|${TEST}` },
    to: { path: "^server/src/storage/(?!blob-(store|errors)\\.ts)" },
  },
  {
    name: "migrations-are-frozen",
    comment: "A migration must mean the same in five years: it imports the query builder only.",
    from: { path: "^server/src/db/migrations/\\d" },
    to: { pathNot: "node_modules/kysely" },
  },
];

const cli = [
  {
    name: "cli-speaks-sdk",
    comment:
      "The command line reaches files and keys through the sdk; only the wire contract and bytes come from core.",
    from: { path: "^cli/src", pathNot: TEST },
    to: { path: "^core/src/(?!protocol/|bytes/)" },
  },
  {
    name: "commands-are-siblings",
    comment: "A command never imports another command.",
    from: { path: "^(cli/src|server/src/cli)/commands/", pathNot: `/index\\.ts$|${TEST}` },
    to: { path: "^$1/commands/", pathNot: TEST },
  },
];

const client = [
  {
    name: "client-layers",
    comment: "Pages stand on components, components on lib; nothing reaches up again.",
    from: { path: "^client/src/(components|lib)/", pathNot: TEST },
    to: { path: "^client/src/(pages/|App\\.tsx|Drive(App)?\\.tsx|start\\.tsx|main\\.tsx)" },
  },
  {
    name: "client-lib-draws-nothing",
    comment: "lib holds no element of a page: what is drawn is in components.",
    from: { path: "^client/src/lib/", pathNot: TEST },
    to: { path: "^client/src/(components/|Contexts\\.tsx)|node_modules/@ionic/" },
  },
  {
    name: "client-pages-are-siblings",
    comment: "A page never imports another page.",
    from: { path: "^client/src/pages/([^/]+)/", pathNot: TEST },
    to: { path: "^client/src/pages/", pathNot: "^client/src/pages/$1/" },
  },
  {
    name: "client-screens-know-no-sdk",
    comment: "The sdk, and with it every key, runs in the worker behind lib/session; what draws asks through its wall.",
    from: { path: "^client/src/(pages/|components/|[^/]+\\.tsx$)", pathNot: TEST },
    to: { path: "^(sdk|core)/src" },
  },
  {
    name: "client-speaks-sdk",
    comment: "The web client reaches files and keys through the sdk; only the wire contract and bytes come from core.",
    from: { path: "^client/src", pathNot: TEST },
    to: { path: "^core/src/(?!protocol/|bytes/)" },
  },
  {
    name: "client-plugins-in-native",
    comment:
      "Only native/ names Capacitor and its plugins: pages ask through its door, behind which the web has its own.",
    from: { path: "^client/src/", pathNot: `^client/src/native/|${TEST}` },
    to: { path: "node_modules/@capacitor/" },
  },
  {
    name: "client-native-by-front-door",
    comment:
      "native/ is entered by its index.ts, which the two builds furnish differently: what names a plugin directly would be in both.",
    from: { path: "^client/src/", pathNot: `^client/src/native/|${TEST}` },
    to: { path: "^client/src/native/(?!(index|types)\\.ts)" },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...everywhere, ...core, ...sdk, ...server, ...cli, ...client].map((rule) => ({
    severity: "error",
    ...rule,
  })),
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/fixtures/" },
    // Types are erased when it runs, but a type from a forbidden room is still knowledge of that room.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "types", "node", "import", "default"],
      extensions: [".ts", ".tsx", ".js", ".css"],
    },
  },
};
