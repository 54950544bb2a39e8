import * as fc from "fast-check";
import type { ObjectJson } from "../../src/maas/codec";
import { IndexedRows } from "../../src/maas/indexed-rows";

const row = fc.record({ id: fc.nat(12), keys: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { maxLength: 2 }) });

const change = fc.oneof(
  fc.record({ set: row }),
  fc.record({ delete: fc.nat(12) }),
  fc.record({ find: fc.constantFrom("a", "b", "c") }),
);

const idOf = ({ id }: ObjectJson): string => String(id);
const keysOf = ({ keys }: ObjectJson): readonly string[] => keys as string[];

test("rows are found by key as a walk through all of them would, whatever is set, replaced and deleted between", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const indexed = new IndexedRows({ id: idOf, keys: keysOf });
      const plain = new Map<string, ObjectJson>();
      for (const one of changes) {
        if ("set" in one) {
          indexed.set(one.set);
          plain.set(idOf(one.set), one.set);
        } else if ("delete" in one) {
          indexed.delete(String(one.delete));
          plain.delete(String(one.delete));
        } else {
          const walked = [...plain.values()].filter((each) => keysOf(each).includes(one.find));
          expect(new Set(indexed.find(one.find))).toEqual(new Set(walked));
        }
        expect(indexed.all()).toEqual([...plain.values()]);
      }
      for (const [id, each] of plain) expect(indexed.get(id)).toBe(each);
    }),
  );
});

test("keys are read once for each row, and not at all where nothing is found by key", () => {
  let read = 0;
  const indexed = new IndexedRows({ id: idOf, keys: (each) => ((read += 1), keysOf(each)) });
  for (let id = 0; id < 100; id += 1) indexed.set({ id, keys: [`k${id}`] });
  expect(read).toBe(0);
  for (let id = 0; id < 100; id += 1) expect(indexed.find(`k${id}`)).toEqual([{ id, keys: [`k${id}`] }]);
  expect(read).toBe(100);
});
