import type { NetworkDocument } from "../../../../lib/model/document";
import { readDocument } from "../../../../lib/model/document/read";
import { UNKNOWN } from "../../../../lib/model/known";
import { textOf } from "../../../../lib/model/text";
import { desiredObjects } from "../../../../src/reconcile/engine/plan/desired";
import { labDocument, made, range, V4, V6 } from "../../../support/lab-document";

const documentOf = (objects: NetworkDocument["objects"]): NetworkDocument => ({ objects, suppressions: [] });

/** What is wanted of one kind: keys, or ranges as `type key: comment [path]`. */
const ranges = (document: NetworkDocument): string[] =>
  desiredObjects(document)
    .filter(({ kind }) => kind === "ip_range")
    .map(
      ({ key, path, attributes: { type, comment } }) => `${textOf(type)} ${key}: ${textOf(comment ?? "")} [${path}]`,
    );

describe("what is wanted", () => {
  test("comes in the order in which kinds refer to each other, whatever order the document has", () => {
    const { objects } = labDocument();
    const turned = documentOf(Object.fromEntries(Object.entries(objects).reverse()));
    const kinds = [...new Set(desiredObjects(turned).map(({ kind }) => kind))];
    expect(kinds).toEqual(["fabric", "vlan", "subnet", "ip_range", "rack_interface", "vlan_dhcp"]);
  });

  test("leaves out what is looked up, and what MAAS has no object for", () => {
    const document = documentOf({
      fabric: [made("lab", "lab", {}, "look_up")],
      vlan: [made("lab:0", "untagged", { fabric: "lab", vid: 0 }, "adopt")],
      rack_controller: [made("rack1", "rack1", {}, "look_up")],
      machine: [made("node1", "node1", {}, "look_up")],
      router_advertisement: [made(`core on ${V6}`, "core", { subnet: V6, router: "core" })],
    });
    expect(desiredObjects(document).map(({ kind, key }) => [kind, key])).toEqual([["vlan", "lab:0"]]);
  });

  test("is spelled as MAAS would spell it, and says no more than the user has", () => {
    const document = documentOf({
      subnet: [
        made("2001:db8::/64", "v6", {
          ...{ cidr: "2001:DB8:0::/64", vlan: "lab:0", gateway_ip: "2001:0DB8::1" },
          ...{ disabled_boot_architectures: ["pxe", "0x0B"], dns_servers: ["2001:DB8::b", "2001:DB8::A"] },
        }),
      ],
    });
    expect(desiredObjects(document)).toEqual([
      {
        ...{ kind: "subnet", key: "2001:db8::/64", path: "lab/v6", origin: "create" },
        attributes: {
          ...{ cidr: "2001:db8::/64", vlan: "lab:0", gateway_ip: "2001:db8::1" },
          // A set has no order, a list has.
          ...{ disabled_boot_architectures: ["pxe", "uefi_arm64_tftp"], dns_servers: ["2001:db8::b", "2001:db8::a"] },
        },
      },
    ]);
  });

  test("keeps what only Terraform knows, null, and what no table names out of it", () => {
    const fabric = made("lab", "lab", { name: "lab", class_type: null, description: UNKNOWN, adopt_existing: true });
    expect(desiredObjects(documentOf({ fabric: [fabric] }))[0]?.attributes).toEqual({
      ...{ name: "lab", class_type: null, description: UNKNOWN },
    });
  });

  test("keeps the origin, and what a record says of the time before", () => {
    const adopted = { ...made("lab", "lab", { name: "lab" }, "adopt"), original: { name: "lab", class_type: "1g" } };
    const document = documentOf({ fabric: [adopted], space: [made("green", "green", { name: "green" })] });
    expect(desiredObjects(document).map(({ key, origin, original }) => [key, origin, original])).toEqual([
      ["green", "create", undefined],
      ["lab", "adopt", { name: "lab", class_type: "1g" }],
    ]);
  });
});

describe("static ranges", () => {
  const subnet = (attributes: Record<string, boolean> = {}) =>
    made(V4, "v4", { cidr: V4, vlan: "lab:0", ...attributes });

  test("of a managed subnet become reserved ranges around them, at places that tell what they follow", () => {
    const document = documentOf({
      subnet: [subnet()],
      ip_range: [range(V4, "static", "10.20.0.50", "10.20.0.99"), range(V4, "dynamic", "10.20.0.100", "10.20.0.199")],
    });
    const comment = "Outside static range static-10.20.0.50 (10.20.0.50-10.20.0.99)";
    expect(ranges(document)).toEqual([
      `dynamic 10.20.0.100-10.20.0.199 in ${V4}:  [lab/dynamic-10.20.0.100]`,
      `reserved 10.20.0.1-10.20.0.49 in ${V4}: ${comment} [lab/v4/static-ranges/first]`,
      `reserved 10.20.0.200-10.20.0.254 in ${V4}: ${comment} [lab/v4/static-ranges/lab/dynamic-10.20.0.100]`,
    ]);
  });

  test("of an unmanaged subnet become reserved ranges themselves", () => {
    const document = documentOf({
      subnet: [subnet({ managed: false })],
      ip_range: [range(V4, "static", "10.20.0.50", "10.20.0.99"), range(V4, "reserved", "10.20.0.2", "10.20.0.9")],
    });
    expect(ranges(document)).toEqual([
      `reserved 10.20.0.2-10.20.0.9 in ${V4}:  [lab/reserved-10.20.0.2]`,
      `reserved 10.20.0.50-10.20.0.99 in ${V4}: static range static-10.20.0.50 (10.20.0.50-10.20.0.99) [lab/v4/static-ranges/lab/static-10.20.0.50]`,
    ]);
  });

  test("of a subnet that is looked up become reserved ranges of this stack", () => {
    const theirs = made(V4, "v4", {}, "look_up");
    const document = documentOf({ subnet: [theirs], ip_range: [range(V4, "static", "10.20.0.1", "10.20.0.253")] });
    expect(ranges(document)).toEqual([
      `reserved 10.20.0.254-10.20.0.254 in ${V4}: Outside static range static-10.20.0.1 (10.20.0.1-10.20.0.253) [lab/v4/static-ranges/lab/static-10.20.0.1]`,
    ]);
  });

  test("of one subnet leave the ranges of others alone", () => {
    const other = "10.21.0.0/24";
    const document = documentOf({
      subnet: [subnet(), made(other, "other", { cidr: other, vlan: "lab:0" })],
      ip_range: [range(V4, "static", "10.20.0.1", "10.20.0.254"), range(other, "reserved", "10.21.0.2", "10.21.0.9")],
    });
    expect(ranges(document)).toEqual([`reserved 10.21.0.2-10.21.0.9 in ${other}:  [lab/reserved-10.21.0.2]`]);
  });

  test("are none to MAAS where the subnet is known by a token only", () => {
    const document = documentOf({
      subnet: [made("lab/v4", "v4", { cidr: UNKNOWN, vlan: "lab:0" })],
      ip_range: [
        made("lab/nodes", "nodes", { subnet: "lab/v4", type: "static", start_ip: "10.0.0.1", end_ip: "10.0.0.9" }),
      ],
    });
    expect(ranges(document)).toEqual([]);
  });

  test("have the same places when the document is read back, so that the next run knows them again", () => {
    const paths = (document: NetworkDocument): string[] => desiredObjects(document).map(({ path }) => path);
    const document = labDocument();
    const text = JSON.stringify({ format: "maas-network", version: 1, objects: document.objects });
    expect(paths(readDocument(text))).toEqual(paths(document));
  });
});
