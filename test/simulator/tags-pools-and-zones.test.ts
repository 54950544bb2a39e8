import { region } from "./support/client";

const maas = region();

const machine = async () => {
  const [first] = await maas.admin.get<{ system_id: string }[]>("machines/");
  return first?.system_id ?? "";
};

test("tags are put on nodes of any kind, and listed with them", async () => {
  const systemId = await machine();
  await maas.admin.post("tags/", { name: "lab", comment: "c" });
  const form = { add: [systemId, "nosuch"] };
  expect(await maas.admin.post("tags/lab/?op=update_nodes", form)).toEqual({ added: 1, removed: 0 });
  expect(await maas.admin.get(`machines/${systemId}/`)).toMatchObject({ tag_names: ["lab"] });
  expect(await maas.admin.get("machines/?tags=lab")).toHaveLength(1);
  expect(await maas.admin.get("tags/lab/?op=devices")).toEqual([]);
  expect(await maas.admin.get("tags/lab/?op=nodes")).toHaveLength(1);
  expect(await maas.admin.put("tags/lab/", { name: "hall" })).toMatchObject({ name: "hall", comment: "c" });
  expect(await maas.admin.post("tags/hall/?op=update_nodes", { remove: systemId })).toEqual({ added: 0, removed: 1 });
  await maas.admin.post("tags/hall/?op=update_nodes", { add: systemId });
  expect((await maas.admin.send("DELETE", "tags/hall/")).status).toBe(204);
  expect(await maas.admin.get(`machines/${systemId}/`)).toMatchObject({ tag_names: [] });
});

test("a tag whose definition is another one is not updated", async () => {
  await maas.admin.post("tags/", { name: "lab" });
  const answer = await maas.admin.send("POST", "tags/lab/?op=update_nodes", { definition: "//node" });
  expect(answer).toMatchObject({
    status: 409,
    text: "Definition supplied '//node' doesn't match current definition ''",
  });
});

test("a plain user reads tags and changes none", async () => {
  await maas.admin.post("tags/", { name: "lab" });
  expect(await maas.user.get("tags/lab/")).toMatchObject({ name: "lab" });
  for (const [method, path] of [
    ["PUT", "tags/lab/"],
    ["DELETE", "tags/nosuch/"],
    ["POST", "tags/lab/?op=update_nodes"],
  ] as const) {
    expect((await maas.user.send(method, path, {})).status).toBe(403);
  }
});

test("machines are in a pool and a zone, and fall back to the default zone when theirs goes", async () => {
  const path = `machines/${await machine()}/`;
  const pool = await maas.admin.post("resourcepools/", { name: "lab" });
  await maas.admin.post("zones/", { name: "hall-2" });
  const changed = await maas.admin.put(path, { pool: "lab", zone: "hall-2", description: "d" });
  expect(changed).toMatchObject({ pool: { name: "lab" }, zone: { name: "hall-2" }, description: "d" });
  const refused = await maas.admin.send("DELETE", `resourcepool/${pool.id}/`);
  expect(refused).toMatchObject({ status: 400, text: "Pool has machines in it, it cannot be deleted." });
  expect((await maas.admin.send("DELETE", "zones/hall-2/")).status).toBe(204);
  expect(await maas.admin.get(path)).toMatchObject({ zone: { name: "default" } });
  const unknown = await maas.admin.send("PUT", path, { pool: "nosuch" });
  expect(unknown.json).toEqual({
    pool: ["Select a valid choice. That choice is not one of the available choices."],
  });
});

test("pools and zones are listed by name, and a zone that is not there counts as deleted", async () => {
  for (const name of ["b", "a"]) {
    await maas.admin.post("zones/", { name });
    await maas.admin.post("resourcepools/", { name });
  }
  const names = async (path: string) => (await maas.admin.get<{ name: string }[]>(path)).map(({ name }) => name);
  expect(await names("zones/")).toEqual(["a", "b", "default"]);
  expect(await names("resourcepools/")).toEqual(["a", "b", "default"]);
  expect((await maas.admin.send("DELETE", "zones/nosuch/")).status).toBe(204);
  expect((await maas.admin.send("GET", "zones/nosuch/")).text).toBe("No Zone matches the given query.");
  expect((await maas.admin.send("GET", "resourcepool/9/")).text).toBe("No ResourcePool matches the given query.");
});

test("a plain user makes no pool and no zone", async () => {
  expect(await maas.user.send("POST", "resourcepools/", { name: "x" })).toMatchObject({ status: 403, text: "" });
  expect((await maas.user.send("POST", "zones/", { name: "x" })).text).toBe("This method is reserved for admin users.");
});
