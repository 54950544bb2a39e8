import fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { checkObject } from "../../../lib/model/checks/object";
import { addressesIn, dnsName, fqdnOf, pointerOf, recordData, splitName } from "../../../lib/model/dns";
import { KINDS } from "../../../lib/model/kinds";
import { recordRows, domainsAround } from "../../../lib/model/kinds/dns-rows";
import type { Attributes } from "../../../lib/model/known";
import { canonicalKey, formatKey, parseKey, partsAmong } from "../../../lib/model/natural-key";
import { spelled } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const address = fc.oneof(
  fc.bigInt(0n, (1n << 32n) - 1n).map((value) => IpAddress.of(4, value)),
  fc.bigInt(0n, (1n << 128n) - 1n).map((value) => IpAddress.of(6, value)),
);
const FIELD = KINDS.dns_record.field;

describe("names of DNS", () => {
  test("are split at the longest domain, and put together again", () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), label, label, (labels, middle, last) => {
        const domains = [{ name: last }, { name: `${middle}.${last}` }, { name: "other" }];
        const fqdn = [...labels, middle, last].join(".");
        const { name, domain } = splitName(`${fqdn.toUpperCase()}.`, domains) ?? {};
        expect([dnsName(name ?? ""), domain]).toEqual([labels.join("."), domains[1]]);
        expect(dnsName(fqdnOf(name ?? "", domain?.name ?? ""))).toBe(fqdn);
        expect(splitName(`${middle}.${last}`, domains)).toEqual({ name: "@", domain: domains[1] });
        expect(splitName(`${last}.nowhere.`, domains)).toBeUndefined();
      }),
    );
  });

  test("of other case, and with a dot at the end, are the same", () => {
    expect(sameValue(FIELD.fqdn, "WWW.Lab.example.", "www.lab.example")).toBe(true);
    expect(sameValue(KINDS.dns_domain.field.name, "LAB.example.", "lab.example")).toBe(true);
    expect(sameValue(FIELD.type, "aaaa", "A/AAAA")).toBe(true);
  });

  test("lead back from addresses of both families", () => {
    expect(pointerOf(IpAddress.parse("10.20.0.5"))).toBe("5.0.20.10.in-addr.arpa");
    expect(pointerOf(IpAddress.parse("2001:db8::567:89ab"))).toBe(
      "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
    );
  });
});

describe("data of records", () => {
  test("has addresses in any spelling, order and number", () => {
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(" ", "  ", "\t"),
        (list, blank) => {
          const texts = list.map((one) => one.toString());
          const [there, back] = [texts.join(blank), [...texts, ...texts].reverse().join(" ").toUpperCase()];
          expect(recordData(there)).toBe(recordData(back));
          expect(recordData(recordData(there))).toBe(recordData(there));
          expect(addressesIn(there)).toHaveLength(new Set(texts).size);
          expect(sameValue(FIELD.data, there, back)).toBe(true);
        },
      ),
    );
  });

  test.each([["v=spf1  -all"], ['"a b"'], ["10 mail.lab.example."], ["10.0.0.1 and more"]])(
    "that is none of addresses stays as it is: %s",
    (text) => expect(recordData(` ${text} `)).toBe(text),
  );
});

describe("the key of a record", () => {
  test.each<[Attributes, string]>([
    [{ type: "a", name: "WWW", domain: "Lab.example.", data: "10.0.0.1" }, "A/AAAA www in lab.example"],
    [{ type: "CNAME", name: "www", domain: "lab.example", data: "web" }, "CNAME www in lab.example"],
    [{ type: "mx", name: "@", domain: "lab.example", data: " 10 mail. " }, "MX @ in lab.example: 10 mail."],
    [{ type: "TXT", name: "s._k", domain: "x.y", data: "a in b: c" }, "TXT s._k in x.y: a in b: c"],
  ])("has the data where a name may have several: %j", (attributes, key) => {
    expect(formatKey("dns_record", partsAmong("dns_record", attributes) ?? {})).toBe(key);
    const { data, ...parts } = parseKey("dns_record", key) ?? {};
    expect(Object.keys(parts)).toEqual(["type", "name", "domain"]);
    expect(data).toBe(/^(?:A|C)/.test(key) ? undefined : recordData(textOf(attributes.data)));
    expect(canonicalKey("dns_record", key)).toBe(key);
  });

  test("is none without the data, and with data that does not belong there", () => {
    expect(parseKey("dns_record", "MX @ in lab.example")).toBeUndefined();
    expect(parseKey("dns_record", "A/AAAA www in lab.example: 10.0.0.1")).toBeUndefined();
  });
});

test("one row of MAAS is the addresses of a name, and its other records", () => {
  const placing = domainsAround([{ id: 1, name: "lab.example" }]);
  const row = {
    ...{ id: 7, fqdn: "www.lab.example", address_ttl: 5 },
    ip_addresses: [{ ip: "10.0.0.2" }, { ip: "10.0.0.1" }],
    resource_records: [{ id: 3, fqdn: "www.lab.example", rrtype: "TXT", rrdata: "x", ttl: null }],
  };
  const [addresses, text, ...none] = recordRows(row, placing);
  expect([addresses, text, none]).toMatchObject([
    { id: "A/AAAA:7", name: "www", domain: { id: 1 }, data: "10.0.0.1 10.0.0.2", ttl: 5 },
    { id: "TXT:3", name: "www", data: "x", ttl: null },
    [],
  ]);
  expect(recordRows({ ...row, id: -1 }, placing)).toEqual([]);
  expect(recordRows({ ...row, ip_addresses: [], resource_records: [] }, placing)).toEqual([]);
});

describe("what can't be a record is told", () => {
  const named = { name: "www", domain: "maas" };

  test.each<[string, Attributes, string]>([
    ["an IPv6 address in an A record", { type: "A", data: "2001:db8::5", ...named }, "2001:db8::5 is no IPv4 address"],
    ["an IPv4 address in an AAAA record", { type: "AAAA", data: "10.0.0.1", ...named }, "10.0.0.1 is no IPv6 address"],
    ["commas", { type: "A/AAAA", data: "10.0.0.1,10.0.0.2", ...named }, "is not one IP address"],
    ["a name in place of addresses", { type: "A/AAAA", data: "web", ...named }, '"web" is not an IP address'],
    ["an address as a CNAME", { type: "CNAME", data: "10.0.0.1", ...named }, "the CNAME leads to the address 10.0.0.1"],
    ["an MX without a preference", { type: "MX", data: "mail.lab.example", ...named }, "is no data of MX records"],
    ["an SRV without a port", { type: "SRV", data: "0 5 sip.lab.example", ...named }, "is no data of SRV records"],
    ["an SRV port out of range", { type: "SRV", data: "0 5 70000 sip.x", ...named }, "is no data of SRV records"],
    ["an unknown type", { type: "PTR", data: "x", ...named }, '"PTR" is not possible here'],
    ["no name", { type: "TXT", data: "x" }, "the record has no name"],
    ["half a name", { type: "TXT", data: "x", name: "www" }, "the record has name and no domain"],
    ["two labels for addresses", { type: "A", data: "10.0.0.1", name: "a.b", domain: "maas" }, '"a.b" is no name'],
    ["a TTL below zero", { type: "TXT", data: "x", ttl: -1, ...named }, "-1 is out of range"],
  ])("%s", (_, config, what) => {
    const [problem] = checkObject(KINDS.dns_record, config);
    expect(problem && spelled(problem).what).toContain(what);
  });

  test.each<[Attributes]>([
    [{ type: "A/AAAA", data: "10.0.0.1 2001:db8::1", ...named }],
    [{ type: "A", data: "10.0.0.1", fqdn: "www.lab.example" }],
    [{ type: "A", data: "10.0.0.1", fqdn: "www.maas", ...named }],
    [{ type: "A", data: "10.0.0.1", name: "*", domain: "maas" }],
    [{ type: "SRV", data: "0 0 0 .", name: "_sip._tcp", domain: "maas" }],
    [{ type: "CNAME", data: "_x.lab.example.", ...named }],
    [{ type: "TXT", data: "anything at all", name: "_dmarc", domain: "maas" }],
  ])("and what can is not: %j", (config) => expect(checkObject(KINDS.dns_record, config)).toEqual([]));
});
