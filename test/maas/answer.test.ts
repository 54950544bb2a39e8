import fc from "fast-check";
import { isAnswer, rowsAnswered } from "../../src/maas/answer";
import { MaasDecodeError } from "../../src/maas/errors";
import { Snapshot } from "../../src/maas/snapshot";

const object = fc.dictionary(fc.string(), fc.jsonValue());

test("an object and a list of objects are answers of the API, and nothing else is", () => {
  fc.assert(fc.property(object, (row) => isAnswer(row)));
  fc.assert(fc.property(fc.array(object), (rows) => isAnswer(rows)));
  for (const json of [null, 7, "page", true, [null], ["page"], [[]], [{}, null]]) expect(isAnswer(json)).toBe(false);
});

test("a list comes back as it was answered, and anything else is an error that names the path", () => {
  const rows = [{ id: 1 }, { id: 2 }];
  expect(rowsAnswered("subnets/", rows)).toEqual(rows);
  for (const json of [{}, null, undefined, "page", [7]]) {
    expect(() => rowsAnswered("subnets/", json)).toThrow(/GET subnets\/ was answered with something that is not/);
  }
});

test("a snapshot that is answered something else than a list says so", async () => {
  const snapshot = new Snapshot({ get: () => Promise.resolve({ detail: "log in" }) });
  await expect(snapshot.list("subnets")).rejects.toThrow(MaasDecodeError);
});
