import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const DOC = readFileSync(join(ROOT, "docs", "peers.md"), "utf8");

/** The rows of the table: what, and the test that shows it. */
const ROWS = [...DOC.matchAll(/^\| ([^|]+?) +\|.*\| \[([^\]]+)\]\(\.\.\/(test\/[^)]+)\) +\|$/gm)].map(
  ([, capability = "", title = "", file = ""]) => ({ capability, title, file }),
);

/** Issues of canonical/terraform-provider-maas and of canonical/ansible-collection that tell of a fault, or ask for what is missing. */
const ISSUES = [
  ...[
    53, 55, 56, 95, 167, 170, 175, 193, 203, 204, 238, 239, 240, 257, 283, 284, 288, 303, 304, 317, 330, 343, 358, 372,
    376, 377, 378,
  ],
  ...[389, 398, 400, 411, 413, 446, 449, 455, 459, 460, 475, 477, 478, 481],
]
  .map((issue) => `#${issue}`)
  .concat("ansible#52", "ansible#60");

/** What a report of the peers compares, as words of the rows here. */
const CAPABILITIES = [
  ...[
    /^Fabrics, VLANs, subnets, IP ranges, spaces/,
    /VID 0/,
    /IPv6 ranges/,
    /Ranges inside of subnets/,
    /^Static routes/,
  ],
  ...[
    /^Reserved IPs/,
    /^Static leases/,
    /^DNS: /,
    /^DHCP on a VLAN/,
    /^Rack controllers of DHCP/,
    /^DHCP relay/,
    /^DHCP snippets/,
  ],
  ...[
    /^Lists of rack controllers/,
    /^Interfaces of rack controllers/,
    /^Physical interfaces/,
    /^Names of VLAN interfaces/,
  ],
  ...[
    /^Parents of a bond/,
    /^Tags of interfaces/,
    /^Interfaces of devices/,
    /^Both families on one/,
    /^Both families on a bond/,
  ],
  ...[
    /^DNS: import/,
    /^Data sources/,
    /^Changes by others: attributes/,
    /^Changes by others: deletion/,
    /^Checks before/,
  ],
  ...[
    /^Checks of objects together/,
    /^IPv6 caveats/,
    /^Router advertisements/,
    /^Address planning/,
    /^Spelling of a CIDR/,
  ],
  ...[
    /^Emptying/,
    /^Retries/,
    /^Connections/,
    /^Reads$/,
    /^A region with a private/,
    /^A proxy/,
    /^API key, IPv6 address/,
  ],
  ...[
    /^Destroy of DHCP/,
    /^Order within/,
    /^Adoption/,
    /^Documentation/,
    /^A plan without a region/,
    /^Addresses as outputs/,
  ],
  ...[/^Export of a region/, /^Moving over/, /^Settings of DNS/, /^Cut-off/],
];

describe("docs/peers.md", () => {
  test("names a test of each capability that there is", () => {
    expect(ROWS.length).toBeGreaterThan(30);
    const table = DOC.split("\n").filter((line) => line.startsWith("| ")).length;
    expect(ROWS).toHaveLength(table - 2);
    const missing = ROWS.filter(({ file, title }) => !readFileSync(join(ROOT, file), "utf8").includes(`"${title}"`));
    expect(missing).toEqual([]);
    expect(CAPABILITIES.filter((words) => !ROWS.some(({ capability }) => words.test(capability)))).toEqual([]);
  });

  test("has each fault that users of the peers have reported of what is managed here, with a test that is named after it", () => {
    const shown = new Set(ROWS.flatMap(({ title }) => title.match(/(?:ansible)?#\d+/g) ?? []));
    expect(ISSUES.filter((issue) => !shown.has(issue))).toEqual([]);
  });
});
