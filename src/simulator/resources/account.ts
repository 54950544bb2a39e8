import { deleted, json, mandatory, plain } from "../api/handler";
import { notFound } from "../model/errors";
import { defineResource, type Resource } from "../model/resource";
import type { Row } from "../model/table";

/** The caller and the caller's keys. The running server holds them: they are in no table, and in no state file. */
export const account: Resource<Row> = defineResource({
  model: "Account",
  path: "account",
  columns: {},
  endpoints: {
    "account/": {
      "GET list_authorisation_tokens": ({ keys }) => json(keys.list()),
      "POST create_authorisation_token"({ keys, data }) {
        const { name, token } = keys.create(data.text("name") ?? "MAAS consumer");
        const [consumer_key, token_key, token_secret] = token.split(":");
        return json({ token_key, token_secret, consumer_key, name });
      },
      "POST update_token_name"({ keys, data }) {
        const token = mandatory(data, "token");
        const [, middle = token] = token.split(":");
        if (!keys.rename(middle, mandatory(data, "name"))) throw notFound("No Token matches the given query.");
        return plain("Accepted", 202);
      },
      "POST delete_authorisation_token"({ keys, data }) {
        if (!keys.remove(mandatory(data, "token_key"))) throw notFound("No Token matches the given query.");
        return deleted;
      },
    },
  },
});
