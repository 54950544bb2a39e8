import { randomUUID } from "node:crypto";
import { authorization, type Answer, Client, read, region, type Signature } from "./support/client";

const maas = region();
const now = () => Math.floor(Date.now() / 1000);

async function call(header: string | undefined, path = "users/?op=whoami"): Promise<Answer> {
  const headers: Record<string, string> = header === undefined ? {} : { authorization: header };
  return read(await fetch(`${maas.simulator.url}/api/2.0/${path}`, { headers }));
}

const signed = (signature: Partial<Signature>) => call(authorization({ key: maas.simulator.apiKey, ...signature }));

test("each key is its own user", async () => {
  expect(await maas.admin.get("users/?op=whoami")).toMatchObject({ username: "admin", is_superuser: true });
  expect(await maas.user.get("users/?op=whoami")).toMatchObject({ username: "user", is_superuser: false });
});

test("a call without a key is 401 Forbidden in plain text", async () => {
  expect(await call(undefined)).toMatchObject({ status: 401, type: "text/plain", text: "Forbidden" });
});

test("an unknown key is 401 in HTML", async () => {
  const answer = await call(authorization({ key: "bad:bad:bad" }));
  expect(answer).toMatchObject({ status: 401, type: "text/html", text: "Authorization Error: Invalid API key." });
});

test("the answer to a wrong secret shows the right one, as MAAS's does", async () => {
  const [consumer, token, secret] = maas.simulator.apiKey.split(":");
  const answer = await call(authorization({ key: `${consumer}:${token}:wrong` }));
  expect(answer.status).toBe(401);
  expect(answer.text).toContain(`&${secret}`);
});

test.each([
  [-301, 401],
  [-295, 200],
  [400, 200],
])("a timestamp %i seconds from now answers %i", async (offset, status) => {
  const answer = await signed({ timestamp: now() + offset });
  expect(answer.status).toBe(status);
  if (status === 401) expect(answer.text).toContain("Expired timestamp");
});

test("a nonce counts once", async () => {
  const nonce = randomUUID();
  expect((await signed({ nonce })).status).toBe(200);
  expect(await signed({ nonce })).toMatchObject({
    status: 401,
    text: `Authorization Error: 'Nonce already used: ${nonce}'`,
  });
});

test.each(["version/", "describe/", "openapi.yaml"])("%s needs no key", async (path) => {
  expect((await call(undefined, path)).status).toBe(200);
});

test("openapi.yaml names the region's URL", async () => {
  expect((await call(undefined, "openapi.yaml")).text).toContain(`url: ${maas.simulator.url}/api/2.0/`);
});

test("describe lists the operations of a subnet", async () => {
  const { resources } = (await call(undefined, "describe/")).json as {
    resources: { auth: { path: string; actions: { op: string }[] } }[];
  };
  const subnet = resources.find(({ auth }) => auth.path === "/MAAS/api/2.0/subnets/{id}/");
  expect(subnet?.auth.actions.map(({ op }) => op)).toContain("unreserved_ip_ranges");
});

test("a path without its last slash is no endpoint", async () => {
  const answer = await maas.admin.send("GET", "fabrics");
  expect(answer).toMatchObject({ status: 404, text: "Unknown API endpoint: /MAAS/api/2.0/fabrics." });
});

test("a method that a collection does not know is 405", async () => {
  expect(await maas.admin.send("PUT", "fabrics/", {})).toMatchObject({ status: 405, type: "text/html", text: "" });
});

test("an unknown operation is 400", async () => {
  const answer = await maas.admin.send("GET", "fabrics/?op=nope");
  expect(answer).toMatchObject({ status: 400, text: "Unrecognised signature: method=GET op=nope" });
});

test.each(["fabrics//0/", "//fabrics/0//", "fabrics/0/?op=&x=a//b"])(
  "several slashes in a path are one: %s",
  async (path) => {
    for (const url of maas.simulator.urls) {
      const client = new Client(`${url}/`, maas.simulator.apiKey);
      expect(await client.get(path)).toMatchObject({ id: 0 });
    }
  },
);

test("a plain user may list the users", async () => {
  const names = (await maas.user.get<{ username: string }[]>("users/")).map(({ username }) => username);
  expect(names).toEqual((await maas.admin.get<{ username: string }[]>("users/")).map(({ username }) => username));
});

test("users are made and deleted by administrators, and not while something is theirs", async () => {
  const form = { username: "jo", email: "jo@example.com", password: "secret", is_superuser: "0" };
  expect((await maas.user.send("POST", "users/", form)).status).toBe(403);
  expect(await maas.admin.post("users/", form)).toMatchObject({ username: "jo", is_superuser: false });
  expect((await maas.admin.send("POST", "users/", { ...form, is_superuser: "true" })).status).toBe(500);
  expect((await maas.admin.send("DELETE", "users/jo/")).status).toBe(204);
  expect((await maas.admin.send("GET", "users/jo/")).status).toBe(404);
  await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
  await maas.user.post("ipranges/", { type: "reserved", start_ip: "10.1.0.10", end_ip: "10.1.0.20" });
  expect(await maas.admin.send("DELETE", "users/user/")).toMatchObject({
    status: 400,
    text: "User user cannot be deleted: 1 IP range(s) are still allocated",
  });
  expect((await maas.admin.send("DELETE", "users/user/?transfer_resources_to=admin")).status).toBe(204);
  expect((await maas.user.send("GET", "fabrics/")).text).toBe("Authorization Error: Invalid API key.");
  expect((await maas.admin.send("DELETE", "users/admin/")).text).toBe("An administrator cannot self-delete.");
});

test.each(["nodes", "machines", "rackcontrollers"])("%s tell no power parameters, to administrators", async (kind) => {
  for (const { system_id: id } of await maas.admin.get<{ system_id: string }[]>(`${kind}/`)) {
    expect(await maas.admin.get(`${kind}/${id}/?op=power_parameters`)).toEqual({});
    expect((await maas.user.send("GET", `${kind}/${id}/?op=power_parameters`)).status).toBe(403);
  }
});

test("the region answers alike on both loopbacks", async () => {
  const answers = await Promise.all(
    maas.simulator.urls.map(async (url) => read(await fetch(`${url}/api/2.0/version/`))),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

describe("bodies", () => {
  const create = async (body: string | FormData, type?: string) => {
    const headers = {
      authorization: authorization({ key: maas.simulator.apiKey }),
      ...(type ? { "content-type": type } : {}),
    };
    return read(await fetch(`${maas.simulator.url}/api/2.0/fabrics/`, { method: "POST", headers, body }));
  };

  test("JSON is read", async () => {
    expect((await create('{"name": "lab"}', "application/json")).json).toMatchObject({ name: "lab" });
  });

  test("multipart is read", async () => {
    const form = new FormData();
    form.set("name", "lab");
    expect((await create(form)).json).toMatchObject({ name: "lab" });
  });

  test("multipart parts in base64, as MAAS's own client sends them, are read", async () => {
    const part =
      'Content-Disposition: form-data; name="name"\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64';
    const body = `--xyz\r\n${part}\r\n\r\n${btoa("lab")}\r\n--xyz--\r\n`;
    expect((await create(body, "multipart/form-data; boundary=xyz")).json).toMatchObject({ name: "lab" });
  });
});
