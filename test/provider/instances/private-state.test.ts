import fc from "fast-check";
import { KINDS } from "../../../lib/model/kinds";
import {
  keptAfter,
  keptAfterFailure,
  keptWith,
  type PrivateState,
  writePrivate,
} from "../../../src/provider/instances/private-state";
import { readPrivate } from "../../../src/provider/stored";
import { plannedState } from "../../../src/reconcile/objects/planned-state";

const { subnet } = KINDS;

/** What a plan keeps with an object of that configuration, which had `prior` kept with it. */
const planned = (names: readonly string[], prior: PrivateState = {}): PrivateState =>
  keptWith(subnet, Object.fromEntries(names.map((name) => [name, "set"])), prior);

const names = fc.subarray(subnet.fields.map(({ name }) => name));

describe("private state", () => {
  test("names only the attributes that are emptied when the configuration leaves them out", () => {
    const kept = keptAfter(subnet, planned(["cidr", "vlan", "name", "gateway_ip", "dns_servers", "managed"]));
    expect(kept).toEqual({ configured: ["gateway_ip", "dns_servers"] });
  });

  test("is short, as every instance in a state has one", () => {
    const kept = keptAfter(subnet, planned(["cidr", "vlan", "name"]));
    const written = new TextDecoder().decode(writePrivate({ ...kept, madeAt: 1_700_000_000_000 }));
    expect(written).toBe('{"set":[],"at":1700000000000}');
  });

  test("that a failed change leaves names what either configuration set", () => {
    const before = keptAfter(subnet, planned(["cidr", "gateway_ip"]));
    const kept = keptAfterFailure(subnet, planned(["cidr", "dns_servers"], before));
    expect(new Set(kept.configured)).toEqual(new Set(["gateway_ip", "dns_servers"]));
  });

  test("plans the same as one that names every attribute", () => {
    const prior = { cidr: "10.0.0.0/24", gateway_ip: "10.0.0.1", dns_servers: ["10.0.0.2"], name: "lab", id: "7" };
    fc.assert(
      fc.property(names, names, (before, now) => {
        const config = Object.fromEntries(now.map((name) => [name, prior[name as keyof typeof prior] ?? null]));
        const plan = (configured: readonly string[] = []) => plannedState(subnet, { prior, config, configured });
        expect(plan(keptAfter(subnet, planned(before)).configured)).toEqual(plan(before));
      }),
    );
  });

  test("is read as it was written, at any depth, and as earlier versions wrote it", () => {
    const one = { configured: ["gateway_ip"], madeAt: 7, original: { name: "lab" } };
    const more = { changedOutside: { cidr: "::/64", vid: 0 }, isLost: true, found: { cidr: "::/64" } } as const;
    const state = { ...one, ...more, configuredBefore: ["name"], unplanned: { "7": one, "8": {} } };
    expect(readPrivate(writePrivate(state), subnet)).toEqual(state);
    expect(readPrivate(new TextEncoder().encode(JSON.stringify(state)), subnet)).toEqual(state);
  });
});
