import { Client, region } from "./support/client";

const maas = region();

test("a caller lists its own keys, makes more and deletes them", async () => {
  const own = await maas.user.get<{ name: string; token: string }[]>("account/?op=list_authorisation_tokens");
  expect(own).toEqual([{ name: "MAAS consumer", token: maas.user.key }]);
  const made = await maas.user.post<Record<"consumer_key" | "token_key" | "token_secret" | "name", string>>(
    "account/?op=create_authorisation_token",
    { name: "ci" },
  );
  const other = new Client(maas.user.url, `${made.consumer_key}:${made.token_key}:${made.token_secret}`);
  expect(await other.get("users/?op=whoami")).toMatchObject({ username: "user" });
  const renamed = await maas.user.send("POST", "account/?op=update_token_name", { token: other.key, name: "cd" });
  expect(renamed.status).toBe(202);
  expect(await maas.user.get("account/?op=list_authorisation_tokens")).toMatchObject([{}, { name: "cd" }]);
  const foreign = await maas.admin.send("POST", "account/?op=delete_authorisation_token", {
    token_key: made.token_key,
  });
  expect(foreign.status).toBe(404);
  await maas.user.send("POST", "account/?op=delete_authorisation_token", { token_key: made.token_key });
  expect((await other.send("GET", "users/?op=whoami")).status).toBe(401);
});

test("nothing was discovered, and what clears or scans says what it needs", async () => {
  for (const query of ["", "?op=by_unknown_mac", "?op=by_unknown_ip", "?op=by_unknown_ip_and_mac"]) {
    expect(await maas.user.get(`discovery/${query}`)).toEqual([]);
  }
  expect((await maas.admin.send("POST", "discovery/?op=clear", {})).status).toBe(400);
  expect((await maas.admin.send("POST", "discovery/?op=clear", { all: "true" })).status).toBe(204);
  expect((await maas.user.send("POST", "discovery/?op=clear", { all: "true" })).status).toBe(403);
  expect((await maas.admin.send("POST", "discovery/?op=scan", {})).status).toBe(400);
  expect(await maas.admin.post("discovery/?op=scan", { force: "true" })).toMatchObject({ scan_started_on: [] });
});

test("power parameters are administrators', and empty", async () => {
  const [machine] = await maas.admin.get<{ system_id: string }[]>("machines/");
  const path = `machines/${machine?.system_id ?? ""}/?op=power_parameters`;
  expect(await maas.admin.get(path)).toEqual({});
  expect((await maas.user.send("GET", path)).status).toBe(403);
});
