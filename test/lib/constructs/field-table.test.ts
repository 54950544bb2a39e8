import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DynamicRange,
  Fabric,
  InterfaceLink,
  Ipv4Subnet,
  Machine,
  RackController,
  RackInterface,
  Space,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import ts from "typescript";
import { propertyOf } from "../../../lib/model/construct-view";
import type { KindName } from "../../../lib/model/field";
import { KINDS } from "../../../lib/model/kinds";

/** Fields that a construct shows as the construct they stand for, or by another name, or not at all. */
const OTHERWISE: Partial<Record<KindName, Record<string, string | undefined>>> = {
  ip_range: { type: undefined },
  vlan_dhcp: {
    primary_rack_controller: "primary",
    secondary_rack_controller: "secondary",
    relay_vlan: "relayTo",
    ip_ranges: "ranges",
  },
  rack_interface: { rack_controller: "rack" },
  network_interface_link: { machine: undefined },
};

const CONSTRUCTS: Record<KindName, [file: string, props: string, type: { prototype: object }]> = {
  fabric: ["fabric", "FabricProps", Fabric],
  space: ["space", "SpaceProps", Space],
  vlan: ["vlan", "VlanProps", Vlan],
  subnet: ["subnet", "SubnetProps", Ipv4Subnet],
  ip_range: ["ip-range", "IpRangeProps", DynamicRange],
  vlan_dhcp: ["vlan-dhcp", "VlanDhcpProps", VlanDhcp],
  rack_interface: ["rack-interface", "RackInterfaceProps", RackInterface],
  rack_controller: ["rack-controller", "RackControllerProps", RackController],
  network_interface_link: ["interface-link", "InterfaceLinkProps", InterfaceLink],
  machine: ["machine", "MachineProps", Machine],
};

/** Property -> whether it is optional, from the source of the props interface. */
function propertiesOf(file: string, name: string): Map<string, boolean> {
  const path = join(__dirname, "../../../lib/constructs", `${file}.ts`);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  const declaration = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  return new Map(
    declaration?.members.map((member) => [member.name?.getText(source) ?? "", member.questionToken !== undefined]),
  );
}

function isReadable(prototype: object, property: string): boolean {
  for (let type: unknown = prototype; type !== null && typeof type === "object"; type = Object.getPrototypeOf(type)) {
    if (Object.getOwnPropertyDescriptor(type, property)?.get !== undefined) return true;
  }
  return false;
}

const cases = Object.values(KINDS).flatMap((kind) =>
  kind.fields.map((field) => [`${kind.title}'s ${field.name}`, kind, field] as const),
);

test.each(cases)("the %s is a property exactly where the user decides it", (_, kind, field) => {
  const [file, props] = CONSTRUCTS[kind.name];
  const names = OTHERWISE[kind.name] ?? {};
  if (field.name in names && names[field.name] === undefined) return;
  const property = propertyOf(kind, field);
  const properties = propertiesOf(file, props);
  expect(properties.has(property)).toBe(field.presence !== "computed");
  if (field.presence !== "computed") expect(properties.get(property)).toBe(field.presence === "optional");
});

test.each(
  cases.filter(
    ([, kind, { name, refers, interfaceOf }]) =>
      (refers ?? interfaceOf) === undefined && !(kind.name === "vlan" && name === "space"),
  ),
)("the %s can be read as a token", (_, kind, field) => {
  const [, , type] = CONSTRUCTS[kind.name];
  const unread = ["type", "ip_ranges", "services", "interfaces"];
  expect(isReadable(type.prototype, propertyOf(kind, field))).toBe(!unread.includes(field.name));
});

test.each(Object.values(KINDS).map((kind) => [kind.title, kind] as const))(
  "adoptExisting is a property of a %s exactly where it can be adopted",
  (_, kind) => {
    const [file, props] = CONSTRUCTS[kind.name];
    expect(propertiesOf(file, props).has("adoptExisting")).toBe(kind.adoptable);
  },
);

test.each(Object.values(KINDS).map((kind) => [kind.title, kind] as const))(
  "forceDestroy is a property of a %s exactly where MAAS deletes others along with it",
  (_, kind) => {
    const [file, props] = CONSTRUCTS[kind.name];
    expect(propertiesOf(file, props).has("forceDestroy")).toBe(kind.deletesOthers === true);
  },
);
