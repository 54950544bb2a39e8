import * as fc from "fast-check";
import { DHCP_OFF, type DhcpState, dhcpSteps } from "../../../src/reconcile/ops/dhcp-steps";

/** The refusals and side effects of MAAS's VLAN form (forms/vlan.py, 3.6.4; live 3.4.10 and 3.6.5), written down anew. */
function put(live: DhcpState, form: readonly (readonly [string, string])[]): DhcpState {
  const sent = new Map(form);
  const value = (name: string, stored: string | null): string | null => {
    const text = sent.get(name);
    return text === undefined ? stored : text === "" ? null : text;
  };
  let primary = value("primary_rack", live.primary);
  let secondary = value("secondary_rack", live.secondary);
  const dhcpOn = sent.has("dhcp_on") ? sent.get("dhcp_on") !== "false" : live.dhcpOn;
  let relay = value("relay_vlan", live.relay);
  if (primary !== null && primary === secondary && sent.has("secondary_rack")) throw new Error("must be different");
  if (sent.has("secondary_rack") && secondary !== null && secondary === live.primary)
    throw new Error("already primary");
  if (sent.get("relay_vlan") && live.dhcpOn) throw new Error("not one of the available choices");
  if (sent.get("primary_rack") === "" && live.secondary !== null && !sent.has("secondary_rack")) {
    primary = live.secondary;
    secondary = null;
  }
  if (primary !== null && primary === live.secondary) secondary = null;
  if (dhcpOn && primary === null) throw new Error("a primary rack controller is needed");
  if (dhcpOn) relay = null;
  return { dhcpOn, primary, secondary, relay };
}

const racks = fc.constantFrom("rack1", "rack2", "rack3");

const served: fc.Arbitrary<DhcpState> = fc
  .tuple(racks, fc.option(racks))
  .filter(([primary, secondary]) => primary !== secondary)
  .map(([primary, secondary]) => ({ dhcpOn: true, primary, secondary, relay: null }));

const relayed: fc.Arbitrary<DhcpState> = fc
  .constantFrom("7", "8")
  .map((relay) => ({ dhcpOn: false, primary: null, secondary: null, relay }));

/** Also what others may leave behind: racks without DHCP. */
const leftOver: fc.Arbitrary<DhcpState> = served.map((state) => ({ ...state, dhcpOn: false }));

const wanted = fc.oneof(served, relayed, fc.constant(DHCP_OFF));
const found = fc.oneof(wanted, leftOver);

describe("dhcpSteps", () => {
  it("leads from any state to any wanted one, by PUTs that MAAS accepts", () => {
    fc.assert(
      fc.property(found, wanted, (live, desired) => {
        expect(dhcpSteps(live, desired).reduce(put, live)).toEqual(desired);
      }),
    );
  });

  it("ends in the wanted state from wherever it was cut off", () => {
    fc.assert(
      fc.property(found, wanted, fc.nat(3), (live, desired, cut) => {
        const reached = dhcpSteps(live, desired).slice(0, cut).reduce(put, live);
        expect(dhcpSteps(reached, desired).reduce(put, reached)).toEqual(desired);
      }),
    );
  });

  it("sends nothing when nothing differs, and at most three PUTs otherwise", () => {
    fc.assert(
      fc.property(found, wanted, (live, desired) => {
        expect(dhcpSteps(live, live)).toEqual([]);
        expect(dhcpSteps(live, desired).length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it("turns a relay into DHCP in one PUT at best, and never has neither in between", () => {
    fc.assert(
      fc.property(relayed, served, (live, desired) => {
        const [first = []] = dhcpSteps(live, desired);
        expect(put(live, first)).toMatchObject({ dhcpOn: true, relay: null });
      }),
    );
  });

  it("swaps primary and secondary in two steps, since MAAS drops the secondary in one", () => {
    const live: DhcpState = { dhcpOn: true, primary: "a", secondary: "b", relay: null };
    expect(dhcpSteps(live, { ...live, primary: "b", secondary: "a" })).toHaveLength(2);
  });
});
