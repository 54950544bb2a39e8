import { MaasHttpError } from "../../../src/maas/errors";
import { ObjectError } from "../../../src/reconcile/objects/failure";
import { explainLinkRefusal } from "../../../src/reconcile/ops/link-refusals";

describe("link refusals", () => {
  const REQUEST = { method: "POST" as const, path: "nodes/abcdef/interfaces/5/", url: "http://region.example/" };

  const situation = {
    node: { system_id: "abcdef", hostname: "node-1", status_name: "Deployed" },
    nic: { id: 5, name: "eth0", mac_address: "52:54:00:00:00:05", vlan: null, links: [] },
    subnet: { id: 1, cidr: "10.20.0.0/24" },
    desired: { subnet: "1", mode: "STATIC", ip_address: "10.20.0.9" },
  };

  const refusal = (status: number, body: string): MaasHttpError =>
    new MaasHttpError(REQUEST, body, {
      status,
      body,
      outcome: "refused",
      recovery: "never",
      retryAfterMs: undefined,
      said: body,
      isForeign: false,
    });

  test.each([
    [
      409,
      "Cannot link subnet interface because the machine is not New, Ready, Allocated, or Broken.",
      "machine",
      /The machine is Deployed.*New, Ready, Allocated, Failed testing or Broken.*maas PROFILE machine release abcdef/,
    ],
    [
      409,
      "The static IP 10.20.0.9 is already reserved for the MAC address 52:54:00:00:00:99.",
      "ip_address",
      /address that is reserved for 52:54:00:00:00:05/,
    ],
    [404, "IP address is already in use.", "ip_address", /free address of 10\.20\.0\.0\/24/],
    [503, "No more IPs available in subnet: 10.20.0.0/24.", "subnet", /reserved or dynamic range/],
  ])("a %i that says %p is told at %s", (status, body, attribute, detail) => {
    const error = explainLinkRefusal(refusal(status, body), situation) as ObjectError;
    expect(error).toBeInstanceOf(ObjectError);
    expect(error.problem.attribute).toBe(attribute);
    expect(error.message).toMatch(detail);
    expect(error.problem.fix).toContain(`MAAS said: ${body}`);
  });

  test("any other refusal, and any other error, stays what it is", () => {
    const gone = refusal(404, "No Interface matches the given query.");
    for (const error of [gone, refusal(500, "boom"), new Error("a bug")]) {
      expect(explainLinkRefusal(error, situation)).toBe(error);
    }
  });
});
