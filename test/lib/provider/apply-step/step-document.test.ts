import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ApplyStep, Fabric, MaasEngine } from "cdktf-maas";
import { synth, type SynthesisedStack } from "../../../support/synth";
import { network, regionOf } from "./lab";

/** The record's parts in a stack with this many fabrics, whose names don't compress. */
function recordOf(fabrics: number): { readonly parts: Record<string, string>; readonly stack: SynthesisedStack } {
  const stack = synth((scope) => {
    regionOf(scope, MaasEngine.APPLY_STEP);
    network(scope);
    for (let index = 0; index < fabrics; index++)
      new Fabric(scope, `f${index}`, { name: `f${index}-${(index * 2_654_435_761).toString(36)}` });
    new ApplyStep(scope, "apply");
  });
  const [, record] = Object.entries(stack.resource.null_resource ?? {}).find(([name]) => name.includes("record")) ?? [];
  return { parts: record?.triggers as Record<string, string>, stack };
}

test.each([0, 5000])("the record is the document beside it, packed into parts, with %d fabrics more", (fabrics) => {
  const { parts, stack } = recordOf(fabrics);
  const names = Object.keys(parts);
  expect(names).toEqual(names.map((_, index) => `record_${index}`));
  for (const part of Object.values(parts)) expect(part.length).toBeLessThanOrEqual(100_000);
  if (fabrics > 0) expect(names.length).toBeGreaterThan(1);
  const packed = Buffer.from(Object.values(parts).join(""), "base64");
  expect(gunzipSync(packed).toString()).toBe(readFileSync(join(stack.folder, "maas-network.json"), "utf8"));
});

test("its bytes tell neither when nor on which system they were made", () => {
  const [once, again] = [recordOf(3).parts, recordOf(3).parts];
  expect(again).toEqual(once);
  const packed = Buffer.from(once.record_0 ?? "", "base64");
  expect([...packed.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
});
