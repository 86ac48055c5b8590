import type { KyselyConfig } from "kysely";
import type { QueryListener } from "./database.ts";

const KINDS: Readonly<Record<string, string>> = {
  SelectQueryNode: "select",
  InsertQueryNode: "insert",
  UpdateQueryNode: "update",
  DeleteQueryNode: "delete",
};

/** For Kysely's configuration: nothing where nobody listens, so that nothing is measured either. */
export function queryLog(onQuery: QueryListener | undefined): Pick<KyselyConfig, "log"> {
  if (onQuery === undefined) return {};
  return {
    log: ({ query, queryDurationMillis }) => {
      onQuery(KINDS[query.query.kind] ?? "other", queryDurationMillis / 1000);
    },
  };
}
