import fc from "fast-check";
import { sourceFile } from "../../src/migrate/configuration";
import type { Facts, Note, RegionObject } from "../../src/migrate/context";
import { evaluate } from "../../src/migrate/evaluate";
import { parseHcl } from "../../src/migrate/hcl/parse";
import { migrate } from "../../src/migrate/migrate";
import { State } from "../../src/migrate/state";

const OURS = { source: "cdktf-maas.invalid/cdktf-maas/maas", version: "0.1.0" };

const PROVIDER = `terraform {
  required_providers {
    maas = {
      source  = "canonical/maas"
      version = "~> 2.4"
    }
  }
}
`;

interface Result {
  readonly text: string;
  readonly notes: readonly Note[];
}

function migrated(text: string, facts: Partial<Facts> = {}): Result {
  const { files, notes } = migrate([sourceFile("main.tf", text)], { provider: OURS, ...facts });
  return { text: files[0]?.text ?? "", notes };
}

/** The text after a migration, of which a second one changes nothing. */
function rewritten(text: string, facts: Partial<Facts> = {}): string {
  const after = migrated(text, facts).text;
  expect(migrated(after, facts).text).toBe(after);
  return after;
}

/** What is said of a block. */
const said = ({ notes }: Result, block: string): [string, string] => {
  const note = notes.find((one) => one.block === block);
  return [note?.outcome ?? "", note?.sentences.join("; ") ?? ""];
};

/** A state with these attributes of objects. */
const stateOf = (objects: Readonly<Record<string, Readonly<Record<string, unknown>>>>): State =>
  State.parse(
    "terraform.tfstate",
    JSON.stringify({
      version: 4,
      resources: Object.entries(objects).map(([address, attributes]) => {
        const [type, name] = address.split(".");
        const provider = 'provider["registry.terraform.io/canonical/maas"]';
        return { mode: "managed", type, name, provider, instances: [{ attributes }] };
      }),
    }),
  );

const subnet = (body: string): string => `resource "maas_subnet" "s" {\n  cidr   = "10.1.0.0/24"\n${body}}\n`;
const fabric = 'resource "maas_fabric" "f" {\n  name = "lab"\n}\n';
const vlan = 'resource "maas_vlan" "v" {\n  fabric = maas_fabric.f.id\n  vid    = 10\n}\n';

describe("fabric and vlan of a subnet", () => {
  test.each([
    ["the VID of a VLAN of that fabric", "maas_fabric.f.name", "maas_vlan.v.vid", "maas_vlan.v.id"],
    ["the VID in a text", "maas_fabric.f.id", '"${maas_vlan.v.vid}"', "maas_vlan.v.id"],
    ["the VID by a function", "maas_fabric.f.id", "tostring(maas_vlan.v.vid)", "maas_vlan.v.id"],
    ["the fabric's name as text", '"lab"', "maas_vlan.v.vid", "maas_vlan.v.id"],
    ["a number that a VLAN of the fabric has", "maas_fabric.f.id", "10", "maas_vlan.v.id"],
    ["a number that no VLAN has", "maas_fabric.f.id", "20", '"${maas_fabric.f.name}:20"'],
    ["a number as text, in a fabric by name", '"attic"', '"20"', '"attic:20"'],
    ["the VID of a VLAN of another fabric", '"attic"', "maas_vlan.v.vid", '"attic:${maas_vlan.v.vid}"'],
    ["a number beyond all VIDs, which is an id", '"attic"', "5005", "5005"],
    ["an id", "maas_fabric.f.id", "maas_vlan.v.id", "maas_vlan.v.id"],
  ])("with %s become vlan alone", (_, one, other, after) => {
    const text = rewritten(PROVIDER + fabric + vlan + subnet(`  fabric = ${one}\n  vlan   = ${other}\n`));
    expect(text).toContain(`  cidr   = "10.1.0.0/24"\n  vlan   = ${after}\n}\n`);
  });

  test.each([
    ["a VID", "20", '  vlan   = "lab:${var.n}"\n'],
    ["an id", "5020", "  vlan   = var.n\n"],
  ])("by a variable that has %s in the state become vlan alone", (_, value, after) => {
    const text = subnet('  fabric = "lab"\n  vlan   = var.n\n');
    expect(rewritten(text, { state: stateOf({ "maas_subnet.s": { vlan: value } }) })).toContain(after);
  });

  test("by a variable of which nothing tells what it has stay, and that is said", () => {
    const text = subnet('  fabric = "lab"\n  vlan   = var.n\n');
    expect(rewritten(text)).toBe(text);
    expect(said(migrated(text), "maas_subnet.s")).toEqual(["unchanged", expect.stringContaining("VID or an id")]);
  });

  test("follow a VLAN of instances by its index", () => {
    const many = vlan.replace("{\n", "{\n  for_each = var.all\n");
    const text = subnet("  for_each = var.all\n  fabric = maas_fabric.f.id\n  vlan = maas_vlan.v[each.key].vid\n");
    expect(rewritten(fabric + many + text)).toContain("vlan = maas_vlan.v[each.key].id");
  });

  test("are written where the region has the subnet when vlan is left out", () => {
    const live: RegionObject[] = [{ kind: "subnet", key: "10.1.0.0/24", id: "7", attributes: { vlan: "lab:0" } }];
    const state = stateOf({ "maas_subnet.s": {} });
    expect(rewritten(subnet(""), { region: live, state })).toContain('vlan   = "lab:0"');
    const source = 'data "maas_vlan" "d" {\n  fabric = "lab"\n  vlan   = 0\n}\n';
    const text = rewritten(source + subnet('  fabric = "lab"\n'), { region: live, state });
    expect(text).toContain('cidr   = "10.1.0.0/24"\n  vlan   = data.maas_vlan.d.id\n}');
  });
});

describe("ranges inside of a subnet", () => {
  const range = '  ip_ranges {\n    type     = "dynamic"\n    start_ip = "10.1.0.9"\n    end_ip   = "10.1.0.20"\n  }\n';

  test("become resources with import blocks, with the comments above and inside of them", () => {
    const text = rewritten(subnet(`  # first\n${range.replace("{\n", "{ # it\n    // inside\n")}`));
    expect(text).toBe(`${subnet("").trimEnd()}

# first
resource "maas_subnet_ip_range" "s_dynamic" {
  subnet   = maas_subnet.s.id
  # it
  // inside
  type     = "dynamic"
  start_ip = "10.1.0.9"
  end_ip   = "10.1.0.20"
}

import {
  to = maas_subnet_ip_range.s_dynamic
  id = "10.1.0.9-10.1.0.20"
}
`);
  });

  test("get names that no other resource has", () => {
    const other = 'resource "maas_subnet_ip_range" "s_dynamic" {\n}\n';
    const text = rewritten(other + subnet(range + range.replace(".9", ".40").replace(".20", ".50")));
    expect(text.match(/range" "\w+"/g)).toEqual(['range" "s_dynamic"', 'range" "s_dynamic_2"', 'range" "s_dynamic_3"']);
  });

  test("are not imported when the state does not have them: they are still to be made", () => {
    const state = stateOf({ "maas_subnet.s": { ip_ranges: [{ start_ip: "10.1.0.30", end_ip: "10.1.0.40" }] } });
    expect(rewritten(subnet(range), { state })).not.toContain("import {");
    const same = stateOf({ "maas_subnet.s": { ip_ranges: [{ start_ip: "10.1.0.9", end_ip: "10.1.0.20" }] } });
    expect(rewritten(subnet(range), { state: same })).toContain('id = "10.1.0.9-10.1.0.20"');
  });

  test.each([
    ["count", "  count = 2\n", "range(2)", "[each.value]", "[count.index]"],
    ["for_each", "  for_each = var.all\n", "for_each = var.all", "[each.key]", "[each.key]"],
  ])("of a subnet with %s have as many instances, all of them imported", (_, meta, loop, to, of) => {
    const start = of === "[each.key]" ? "10.1.${each.value}.9" : "10.1.${count.index}.9";
    const text = rewritten(subnet(meta + range.replace("10.1.0.9", start)));
    expect(text).toContain(`subnet   = maas_subnet.s${of}.id`);
    expect(text).toContain(loop);
    expect(text).toContain(`to       = maas_subnet_ip_range.s_dynamic${to}`);
    expect(text).toContain('id       = "10.1.${each.value}.9-10.1.0.20"');
  });

  test("one with an argument that no range has stays, and the message names it", () => {
    const result = migrated(subnet(range.replace("type", "tyype")));
    expect(said(result, "maas_subnet.s")).toEqual(["by hand", expect.stringContaining("a range has no tyype")]);
    expect(result.text).toContain("tyype");
  });

  test("of a dynamic block become one resource with for_each", () => {
    const dynamic = `  dynamic "ip_ranges" {
    for_each = var.pools
    content {
      type     = "dynamic"
      start_ip = ip_ranges.value.first
      end_ip   = "10.1.0.\${ip_ranges.value.last}"
    }
  }
`;
    const loop = '{ for value in var.pools : "${value.first}-10.1.0.${value.last}" => value }';
    const text = rewritten(subnet(dynamic));
    expect(text).toContain(`  for_each = ${loop}\n\n  subnet   = maas_subnet.s.id`);
    expect(text).toContain('start_ip = each.value.first\n  end_ip   = "10.1.0.${each.value.last}"\n}');
    expect(text).toContain("id       = each.key");
    const twice = migrated(subnet(`  count = 2\n${dynamic}`));
    expect(said(twice, "maas_subnet.s")).toEqual(["by hand", expect.stringContaining("count of its own")]);
    expect(twice.text).toContain(dynamic);
  });

  test("are found by this provider's own source too: somebody has changed that and nothing else", () => {
    const text = PROVIDER.replace("canonical/maas", OURS.source).replace("~> 2.4", ">= 0.1.0") + subnet(range);
    expect(rewritten(text)).toContain("import {");
  });
});

describe("dhcp_on of a VLAN", () => {
  const on = (value: string, meta = ""): string =>
    `resource "maas_vlan" "v" {\n${meta}  fabric  = "lab"\n  vid     = 10\n  dhcp_on = ${value}\n}\n`;
  const live: RegionObject[] = [
    { kind: "vlan_dhcp", key: "lab:10", id: "5010", attributes: { vlan: "lab:10", primary_rack_controller: "rack1" } },
  ];
  const pool = `${subnet("  vlan = maas_vlan.v.id\n")}resource "maas_subnet_ip_range" "p" {\n  subnet = maas_subnet.s.id\n  type   = "dynamic"\n}\n`;

  test("becomes a resource with the rack controller of the region and the VLAN's dynamic ranges, and is imported", () => {
    expect(rewritten(on("true") + pool, { region: live })).toContain(`resource "maas_vlan_dhcp" "v" {
  vlan                    = maas_vlan.v.id
  primary_rack_controller = "rack1"
  ip_ranges               = [maas_subnet_ip_range.p.id]
}

import {
  to = maas_vlan_dhcp.v
  id = "lab:10"
}
`);
  });

  test("names the data source of the rack controller where there is one", () => {
    const rack = 'data "maas_rack_controller" "r" {\n  hostname = "rack1"\n}\n';
    const text = rewritten(on("true") + rack, { region: live });
    expect(text).toContain("primary_rack_controller = data.maas_rack_controller.r.id");
    expect(rewritten(on("true") + rack)).toContain("primary_rack_controller = data.maas_rack_controller.r.id");
  });

  test("stays where nothing says which rack controller serves it, and that is left to the user", () => {
    const text = on("true");
    expect(rewritten(text)).toBe(text);
    expect(said(migrated(text), "maas_vlan.v")).toEqual(["by hand", expect.stringContaining("MAAS_API_URL")]);
  });

  test("is taken out when it is false", () => {
    expect(rewritten(on("false"))).not.toContain("dhcp");
  });

  test("by an expression becomes a resource with count or for_each", () => {
    const state = stateOf({ "maas_vlan.v": { id: "5010", dhcp_on: true } });
    const single = rewritten(on("var.on"), { region: live, state });
    expect(single).toContain("count = var.on ? 1 : 0");
    expect(single).toContain("to = maas_vlan_dhcp.v[0]");
    const each = rewritten(on("each.value.on", "  for_each = var.all\n"), { region: live, state });
    expect(each).toContain("for_each = { for key, value in var.all : key => value if value.on }");
    expect(each).toContain("vlan                    = maas_vlan.v[each.key].id");
  });
});

describe("what this provider does not have", () => {
  const machine = 'resource "maas_machine" "m" {\n  power_type = "lxd"\n}\n';

  test("stays with canonical/maas, which gets a local name and a copy of each provider block", () => {
    const blocks =
      'provider "maas" {\n  api_version = "2.0" # old\n}\nprovider "maas" {\n  alias   = "b"\n  api_url = "x"\n}\n';
    const other = machine.replace('"m" {\n', '"n" {\n  provider = maas.b\n');
    const text = rewritten(PROVIDER + blocks + machine + other + fabric);
    expect(text).toContain('    canonical = {\n      source  = "canonical/maas"\n      version = "~> 2.4"\n    }\n');
    expect(text).toContain(
      '    maas = {\n      source  = "cdktf-maas.invalid/cdktf-maas/maas"\n      version = ">= 0.1.0"\n',
    );
    expect(text).toContain('provider "maas" {\n  # old\n}\n\nprovider "canonical" {\n  api_version = "2.0" # old\n}\n');
    expect(text).toContain('provider "canonical" {\n  alias   = "b"\n  api_url = "x"\n}\n');
    expect(text).toContain('"m" {\n  provider = canonical\n\n  power_type');
    expect(text).toContain('"n" {\n  provider = canonical.b\n  power_type');
  });

  test("stays in a block on one line, and with required_providers on one line", () => {
    const one = 'data "maas_machines" "all" { id = "x" }\n';
    const required = 'terraform {\n  required_providers { maas = { source = "canonical/maas" } }\n}\n';
    const text = rewritten(required + one + fabric);
    expect(text).toContain('data "maas_machines" "all" {\n  provider = canonical\n\n  id = "x"\n}\n');
    expect(text).toContain(
      '  required_providers {\n    maas = { source = "cdktf-maas.invalid/cdktf-maas/maas" }\n    canonical = {',
    );
  });

  test("leaves a configuration alone that has nothing else", () => {
    const text = PROVIDER + machine;
    expect(migrated(text).text).toBe(text);
  });

  test("is also an object with an argument, or a data source with an attribute, that there is not", () => {
    const data = 'data "maas_vlan" "d" {\n  fabric = "lab"\n  vlan   = 0\n}\n';
    const result = migrated(`${fabric}${data}output "x" {\n  value = data.maas_vlan.d.strange\n}\n`);
    expect(said(result, "data.maas_vlan.d")).toEqual(["stays", expect.stringContaining("has no strange")]);
    const odd = migrated(fabric.replace("name", "color = 1\n  name"));
    expect(said(odd, "maas_fabric.f")[1]).toContain("maas_fabric of cdktf-maas has no color");
  });
});

describe("vlan of the data source of a VLAN", () => {
  const data = 'data "maas_vlan" "d" {\n  fabric = "lab"\n  vlan   = 0\n}\n';

  test("is vid, and so wherever it is referred to: in templates, heredocs and blocks that stay", () => {
    const text = rewritten(
      `${fabric}${data}output "x" {\n  value = "a-\${data.maas_vlan.d.vlan}-\${data.maas_vlan.d.id}"\n}\nlocals {\n  h = <<-EOT\n    v: \${data.maas_vlan.d.vlan}\n    EOT\n}\n` +
        'resource "maas_tag" "t" {\n  name = data.maas_vlan.d.vlan\n}\n',
    );
    expect(text).toContain("  vid    = 0\n");
    expect(text).toContain('"a-${data.maas_vlan.d.vid}-${data.maas_vlan.d.id}"');
    expect(text).toContain("v: ${data.maas_vlan.d.vid}\n");
    expect(text).toContain("name = data.maas_vlan.d.vid");
  });

  test("stays where it has an id", () => {
    const text = data.replace("= 0", "= 5001");
    expect(rewritten(text)).toBe(text);
  });
});

test("a reference to ranges inside of a subnet is left to the user", () => {
  const result = migrated(`${subnet("")}output "x" {\n  value = maas_subnet.s.ip_ranges\n}\n`);
  expect(said(result, "reference to maas_subnet.s.ip_ranges")[0]).toBe("by hand");
});

test("what the region has and the state does not know is imported, instance by instance", () => {
  const text = `${fabric}${vlan}locals {\n  base = 5\n}\nresource "maas_subnet" "s" {\n  count = 2\n  cidr  = "10.\${local.base + count.index * 2}.0.0/24"\n  vlan  = maas_vlan.v.id\n}\n`;
  const live = (["10.5.0.0/24", "10.7.0.0/24"] as const).map((key): RegionObject => ({
    kind: "subnet",
    key,
    id: "1",
    attributes: {},
  }));
  const region: RegionObject[] = [{ kind: "vlan", key: "lab:10", id: "9", attributes: {} }, ...live];
  const after = rewritten(text, { region, state: stateOf({ "maas_fabric.f": {} }) });
  expect(after).toContain('import {\n  to = maas_vlan.v\n  id = "lab:10"\n}');
  expect(after).toContain(
    'import {\n  to = maas_subnet.s[0]\n  id = "10.5.0.0/24"\n}\n\nimport {\n  to = maas_subnet.s[1]\n  id = "10.7.0.0/24"\n}',
  );
  expect(after).not.toContain("to = maas_fabric.f");
});

test("a key that reads as a template of Terraform's is imported as the text that it is", () => {
  const text = `resource "maas_dns_record" "t" {\n  type = "TXT"\n  name = "t"\n  domain = "maas"\n  data = "a $\${x} %%{if} \\"q\\""\n}\n`;
  const live = 'TXT t in maas: a ${x} %{if} "q"';
  const region: RegionObject[] = [{ kind: "dns_record", key: live, id: "TXT:1", attributes: {} }];
  const after = rewritten(text, { region, state: stateOf({}) });
  const id = [...parseHcl("main.tf", after).items].at(-1);
  const [, value] = id?.kind === "block" ? id.body.items : [];
  expect(value?.kind === "attribute" && evaluate(value.value, {})).toBe(live);
});

describe("any configuration", () => {
  /** Blocks that a migration does not touch. */
  const UNTOUCHED = [
    'resource "null_resource" "n%" {\n\ttriggers = { a = "${var.x}", "b" : 1 } # t\n}',
    'variable "v%" {\n  default = <<EOT\n  # no comment } {\nEOT\n}',
    'module "m%" {\n  source = "./x"   // s\n}',
    "/* ip_ranges { */\nlocals {\n  a%   =   [ 1,2 , 3 ] # odd\n}",
    'resource "maas_fabric" "f%" { name = "f%" }',
    'resource "maas_space" "sp%" {\n  name = "é%" // ü\n}',
    "# only a comment %",
  ];
  /** Blocks that it rewrites. */
  const TOUCHED = [
    'resource "maas_subnet" "s%" {\n  # c1-%\n  cidr = "10.%.0.0/24" # c2-%\n  fabric = "lab" # c3-%\n  vlan = 20 // c4-%\n\n  # c5-%\n  ip_ranges { # c6-%\n    type = "reserved" # c7-%\n    start_ip = "10.%.0.1"\n    # c8-%\n    end_ip = "10.%.0.9"\n  } # c9-%\n}  # c10-%',
    'data "maas_vlan" "d%" {\n  fabric = "lab"\n  vlan = 1 # d1-%\n}',
    'resource "maas_vlan" "v%" {\n  fabric = "lab"\n  vid = 1\n  dhcp_on = false # v1-%\n}',
    'resource "maas_tag" "t%" { name = "x" } # t1-%',
    'output "o%" {\n  value = "${data.maas_vlan.d%.vlan}" # o1-%\n}',
  ];
  const block = fc.record({ isTouched: fc.boolean(), index: fc.nat() });

  test("keeps its comments and all blocks that have no part in it byte for byte, and is the same after a second time", () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        fc.constantFrom("", "\uFEFF"),
        fc.boolean(),
        (blocks, eol, mark, isEnded) => {
          const texts = blocks.map(({ isTouched, index }, at) => {
            const pool = isTouched ? TOUCHED : UNTOUCHED;
            const text = (pool[index % pool.length] ?? "").replaceAll("%", String(at)).replaceAll("\n", eol);
            return { isTouched, text };
          });
          const whole =
            mark + [PROVIDER.replaceAll("\n", eol), ...texts.map(({ text }) => text)].join(eol) + (isEnded ? eol : "");
          const after = rewritten(whole);
          for (const { isTouched, text } of texts) {
            if (!isTouched) expect(after).toContain(text);
            else
              for (const [comment] of text.matchAll(/(#|\/\/) [a-z]\d+-\d+/g))
                expect(after.split(comment).length - 1).toBeGreaterThan(0);
          }
          expect(after.startsWith(mark)).toBe(true);
          if (eol === "\r\n") expect(after).not.toMatch(/[^\r]\n/);
        },
      ),
    );
  });
});
