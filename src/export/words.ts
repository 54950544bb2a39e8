import { Cidr } from "../../lib/model/cidr";
import type { KindName } from "../../lib/model/field";
import type { Value } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { LiveObject } from "../reconcile/live-objects";
import { grouped } from "../../lib/model/grouped";
import { nameOf } from "./references";

/** The natural key of an object in words, and what tells it apart from others of the same words. */
interface Wording {
  readonly words: readonly string[];
  readonly apart?: string;
}

type WordsOf = (kind: KindName, key: Value | undefined) => readonly string[];

/** `v4` or `v6`, of a network. */
const family = (cidr: Value | undefined): string => `v${Cidr.parse(textOf(cidr)).family}`;

const WORDINGS: Readonly<Record<KindName, (object: LiveObject, wordsOf: WordsOf) => Wording>> = {
  space: ({ key }) => ({ words: [key] }),
  fabric: ({ key }) => ({ words: [key] }),
  vlan: ({ attributes: { fabric, vid } }, wordsOf) => ({
    words: [...wordsOf("fabric", fabric), vid === 0 ? "untagged" : textOf(vid)],
  }),
  subnet: ({ key, attributes: { vlan, cidr } }, wordsOf) => ({
    words: [...wordsOf("vlan", vlan), family(cidr)],
    apart: key,
  }),
  ip_range: ({ attributes: { subnet, type, start_ip: start } }, wordsOf) => ({
    words: [...wordsOf("subnet", subnet), textOf(type)],
    apart: textOf(start),
  }),
  rack_controller: ({ key }) => ({ words: [key] }),
  rack_interface: ({ key }) => ({ words: [key] }),
  vlan_dhcp: ({ attributes: { vlan } }, wordsOf) => ({ words: [...wordsOf("vlan", vlan), "dhcp"] }),
  machine: ({ key }) => ({ words: [key] }),
  network_interface_link: ({ attributes }) => ({
    words: [textOf(attributes.machine), textOf(attributes.network_interface), family(attributes.subnet)],
    apart: textOf(attributes.ip_address ?? attributes.subnet),
  }),
};

/** The words that name each object after its natural key, as few as tell it apart from the others of its kind. */
export function wordsOf(objects: readonly LiveObject[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const ofKind = grouped(objects, ({ kind }) => kind);
  const known: WordsOf = (kind, key) => words.get(nameOf({ kind, key: textOf(key) })) ?? [textOf(key)];
  // In the order of the table: what others are named after comes first.
  for (const kind of Object.keys(WORDINGS) as KindName[]) {
    const wordings = (ofKind.get(kind) ?? []).map((object) => ({ object, ...WORDINGS[kind](object, known) }));
    const alike = grouped(wordings, ({ words: short }) => short.join(" "));
    for (const { object, words: short, apart } of wordings) {
      const isAlone = alike.get(short.join(" "))?.length === 1;
      words.set(nameOf(object), isAlone || apart === undefined ? short : [...short, apart]);
    }
  }
  return words;
}
