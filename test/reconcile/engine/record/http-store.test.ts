import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { HttpRecordStore } from "../../../../src/reconcile/engine/record/http-store";
import { cdktfMaas } from "../../../support/command-line";
import { asRead } from "../../../support/engine";
import { SHOP } from "../../../support/shop-document";
import { type StateRules, StateServer } from "../../../support/state-server";

jest.setTimeout(60_000);

const recordOf = (objects: NetworkDocument["objects"]): NetworkDocument =>
  asRead({ apiUrl: "http://region.example:5240/MAAS", objects, suppressions: [] });
const RECORD = recordOf(SHOP);

describe.each(["gitlab", "plain"] satisfies StateRules[])(
  "a record behind an HTTP backend, by the rules: %s",
  (rules) => {
    let server: StateServer;
    const store = (environment: NodeJS.ProcessEnv = {}): HttpRecordStore =>
      new HttpRecordStore("http", { ...server.environment, ...environment }, 1);

    beforeEach(async () => {
      server = await StateServer.start(rules);
    });
    afterEach(() => server.stop());

    test("is what was written last, with a serial that grows by one per write, also from run to run", async () => {
      const first = store();
      const lock = await first.lock();
      expect(await first.read()).toBeUndefined();
      await first.write(recordOf({}));
      await first.write(RECORD);
      await lock.release();
      expect(server.lock).toBeUndefined();

      const second = store();
      const again = await second.lock();
      expect(documentText((await second.read())!)).toBe(documentText(RECORD));
      await second.remove();
      await again.release();
      expect(await store().read()).toBeUndefined();
      await store().write(RECORD);
      expect(JSON.parse(server.state ?? "")).toMatchObject({
        serial: 4,
        record: { objects: expect.any(Object) as object },
      });
      expect(server.state).not.toContain("secret");
    });

    test("is locked against a second run, which names the holder and how its lock is freed", async () => {
      await store().lock();
      const { ID: id } = JSON.parse(server.lock ?? "") as { ID: string };
      const message = await store()
        .lock()
        .catch((error: Error) => error.message);
      expect(message).toMatch(
        /^\w+@\S+ \(cdktf-maas, since \d{4}-.*\) works with the same record, and nothing was changed/,
      );
      expect(message).toContain(`run cdktf-maas unlock ${id} and run the command again`);
      // Without the lock nothing is written.
      await expect(store().write(RECORD)).rejects.toThrow(id);
      expect(server.state).toBeUndefined();

      const wrong = await cdktfMaas(["unlock", "other"], server.environment);
      expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining(id)]);
      expect(await cdktfMaas(["unlock", id], server.environment)).toMatchObject({
        code: 0,
        stdout: "The record is free.\n",
      });
      await (await store().lock()).release();
    });

    test.each([
      ["a lost answer", "lose"],
      ["a server that is busy", 503],
    ] as const)("survives %s at any request", async (_, fault) => {
      for (let at = 0; at < 5; at += 1) {
        server.state = undefined;
        const one = store();
        const steps = [
          async () => void (lock = await one.lock()),
          async () => void (await one.read()),
          () => one.write(recordOf({})),
          () => one.write(RECORD),
          async () => void (await lock?.release()),
        ];
        let lock: Awaited<ReturnType<HttpRecordStore["lock"]>> | undefined;
        for (const [index, step] of steps.entries()) {
          if (index === at) server.faults.push(fault);
          await step();
        }
        expect([at, server.lock, (JSON.parse(server.state ?? "{}") as { serial?: number }).serial]).toEqual([
          at,
          undefined,
          2,
        ]);
      }
    });

    test("says what to do where it is refused, missing, or a state of Terraform", async () => {
      await expect(store({ TF_HTTP_PASSWORD: "wrong" }).read()).rejects.toThrow(
        /the record can't be read: the server answers 401 .* Set TF_HTTP_USERNAME and TF_HTTP_PASSWORD/,
      );
      server.state = JSON.stringify({
        version: 4,
        terraform_version: "1.11.4",
        serial: 7,
        lineage: "x",
        resources: [],
      });
      for (const act of [() => store().read(), () => store().write(RECORD), () => store().remove()])
        await expect(act()).rejects.toThrow(
          /may be a state of Terraform. Nothing was changed. Give the record an address/,
        );
      expect(server.state).toContain("lineage");
      const gone = store();
      await server.stop();
      await expect(gone.read()).rejects.toThrow(/does not answer .* Check TF_HTTP_ADDRESS/);
    });
  },
);

test("the settings are those of Terraform, and wrong ones are said by name", async () => {
  const read = (environment: NodeJS.ProcessEnv, name = "http") => new HttpRecordStore(name, environment);
  expect(() => read({})).toThrow("TF_HTTP_ADDRESS: it is not set");
  expect(() => read({ TF_HTTP_ADDRESS: "gitlab.example" })).toThrow(
    "TF_HTTP_ADDRESS: this is no URL of an HTTP backend",
  );
  expect(() => read({ TF_HTTP_LOCK_ADDRESS: "nowhere" }, "http://a.example")).toThrow(
    "TF_HTTP_LOCK_ADDRESS: this is no URL",
  );
  await expect(read({ TF_HTTP_ADDRESS: "http://a.example/s" }).unlock("1")).rejects.toThrow(
    "such as http://a.example/s/lock",
  );
  const failed = read({}, "http://user:hidden-word@127.0.0.1:9/s").read();
  await expect(failed).rejects.toThrow("http://127.0.0.1:9/s");
  await expect(failed).rejects.not.toThrow("hidden-word");
});
