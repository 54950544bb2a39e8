import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { PlannedChanges } from "../../../src/reconcile/planned/planned-changes";

const { fabric, subnet } = KINDS;

/** A plan of these attributes, in which all change. */
const planOf = (attributes: Attributes) => ({ attributes, changed: Object.keys(attributes), requiresReplace: [] });

test("an object is found by the name that it has at the time that is meant", () => {
  const planned = new PlannedChanges();
  planned.add(fabric, { id: "1", name: "a" }, planOf({ id: "1", name: "b" }));
  planned.add(fabric, { id: "2", name: "b" }, planOf({ id: "2", name: "c" }));
  expect(planned.find("fabric", "name", "b", "before")?.id).toBe("2");
  expect(planned.find("fabric", "name", "b", "after")?.id).toBe("1");
  expect(planned.find("fabric", "name", "a", "after")).toBeUndefined();
  planned.end(fabric, { id: "1", name: "b" });
  expect(planned.find("fabric", "name", "b", "after")).toBeUndefined();
});

test("a later plan of an object takes the place of the one before, also where it is found by name", () => {
  const planned = new PlannedChanges();
  planned.add(fabric, { id: "1", name: "a" }, planOf({ id: "1", name: "b" }));
  planned.add(fabric, { id: "1", name: "a" }, planOf({ id: "1", name: "c" }));
  expect(planned.find("fabric", "name", "b", "after")).toBeUndefined();
  expect(planned.find("fabric", "name", "c", "after")?.id).toBe("1");
});

test("an object that is to be made is found by any spelling's one form of its key", () => {
  const planned = new PlannedChanges();
  planned.add(subnet, undefined, planOf({ cidr: "2001:DB8:0::/64", vlan: "lab:0" }));
  expect(planned.having("subnet", "cidr", "2001:db8::/64")).toHaveLength(1);
});

test("a lookup looks at the objects with that value, however many others change", () => {
  for (const size of [10, 1000]) {
    const planned = new PlannedChanges();
    for (let n = 0; n < size; n += 1) planned.add(fabric, { id: String(n), name: `f${n}` }, planOf({ name: `g${n}` }));
    for (let n = 0; n < size; n += 1) {
      expect(planned.having("fabric", "name", `f${n}`)).toHaveLength(1);
      expect(planned.having("fabric", "name", `g${n}`)).toHaveLength(1);
    }
  }
});

test("an object that stays and gets another key is told from one that changes otherwise, is made or ends", () => {
  const planned = new PlannedChanges();
  planned.add(fabric, undefined, planOf({ name: "a" }));
  planned.add(fabric, { id: "1", name: "a" }, { ...planOf({ name: "a", class_type: "10g" }), changed: ["class_type"] });
  planned.add(fabric, { id: "2", name: "b" }, planOf({ name: "c" }));
  planned.add(fabric, { id: "3", name: "d" }, planOf({ name: "e" }));
  expect([...planned.rekeyed("fabric").keys()]).toEqual(["2", "3"]);
  planned.end(fabric, { id: "3", name: "d" });
  expect([...planned.rekeyed("fabric").keys()]).toEqual(["2"]);
});
