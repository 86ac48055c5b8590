/**
 * Node's HTTP module, not by `import`: that looks at every name the module has, and one of them loads a whole second HTTP
 * client, at every start of the program.
 */
export const builtinHttp = process.getBuiltinModule("node:http");
