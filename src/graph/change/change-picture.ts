import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import { grouped, inNaturalOrder } from "../../../lib/model/lists";
import { parseKey } from "../../../lib/model/natural-key";
import { beforeKey } from "../../../lib/model/text";
import {
  type Card,
  type ChangeLine,
  type FabricPicture,
  type Outcome,
  OUTCOMES,
  type Picture,
  type SubnetPicture,
} from "../picture";
import { calledIn, CONTAINERS, type Container, type Ground, isContainer, type PlannedObject } from "./planned-object";

/** A fabric, VLAN or subnet of the picture, with what is on it. */
interface Place {
  readonly kind: Container;
  readonly key: string;
  /** Absent = the plan does not have it. */
  readonly object?: PlannedObject;
  readonly places: Map<string, Place>;
  readonly lines: PlannedObject[];
}

const isObject = (ground: Ground): ground is PlannedObject => "outcome" in ground;

const counted = (count: number, words: string): string => `${count} ${words}`;

/** How the fabric of a VLAN, and the VLAN of a subnet, are named where nothing says which they are. */
const NOWHERE: Readonly<Record<Container, string>> = {
  ...{ fabric: "fabric not in the plan", vlan: "VLAN not in the plan", subnet: "subnet not in the plan" },
};

/** Makes a picture of what changes: what stays is counted, and drawn only where something on it changes. */
class ChangePainter {
  readonly #fabrics = new Map<string, Place>();
  readonly #others: PlannedObject[] = [];
  #ids = 0;

  constructor(private readonly objects: readonly PlannedObject[]) {
    for (const object of objects) if (object.outcome !== "unchanged") this.#put(object);
  }

  #put(object: PlannedObject): void {
    if (object.kind !== undefined && isContainer(object.kind)) {
      this.#placeOf(object);
      return;
    }
    if (object.on === undefined) this.#others.push(object);
    else this.#placeOf(object.on).lines.push(object);
  }

  /** The place of a fabric, VLAN or subnet, within those that it is on. */
  #placeOf(ground: Ground): Place {
    const kind = ground.kind as Container;
    const outer = CONTAINERS[CONTAINERS.indexOf(kind) - 1];
    const places = outer === undefined ? this.#fabrics : this.#placeOf(this.#outerOf(ground, outer)).places;
    // Two objects may have one key for a moment: one that goes, and another one that comes.
    const id = isObject(ground) ? `${ground.key} ${ground.place} ${ground.outcome}` : ground.key;
    const known = places.get(id);
    if (known !== undefined) return known;
    const object = isObject(ground) ? { object: ground } : {};
    const place: Place = { ...{ kind, key: ground.key, places: new Map(), lines: [] }, ...object };
    places.set(id, place);
    return place;
  }

  #outerOf(ground: Ground, outer: Container): Ground {
    if (isObject(ground)) {
      if (ground.on !== undefined) return this.#raised(ground.on, outer);
    } else {
      const named = Object.entries(parseKey(ground.kind, ground.key) ?? {}).find(([name]) => name === outer)?.[1];
      if (named !== undefined) return this.#found(outer, named);
    }
    return { kind: outer, key: "" };
  }

  /** A VLAN for what is on a fabric directly is not in any plan: what is on more than it says is on that itself. */
  #raised = (ground: Ground, outer: Container): Ground => (ground.kind === outer ? ground : { kind: outer, key: "" });

  /** The plan's own object of that natural key. */
  #found = (kind: Container, key: string): Ground =>
    this.objects.find((object) => object.kind === kind && object.key === key) ?? { kind, key };

  paint(title: string): Picture {
    const counts = [...grouped(this.objects, ({ outcome }) => outcome)].map(([outcome, list]) => ({ outcome, list }));
    const order = Object.keys(OUTCOMES);
    counts.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
    const summary = counts.map(({ outcome, list }) => [counted(list.length, outcome), outcome] as const);
    const fabrics = inNaturalOrder(
      this.#fabrics.values(),
      ({ key }) => (key === "" ? 1 : 0),
      ({ key }) => key,
    );
    return {
      ...{
        title,
        counts: summary.some(([, outcome]) => outcome !== "unchanged") ? summary : [["no changes", ""], ...summary],
      },
      ...{ fabrics: [...fabrics.map((fabric) => this.#fabric(fabric)), ...this.#elsewhere()], racks: [] },
      ...{ findings: [], elsewhere: [], isChange: true },
    };
  }

  #id = (): string => `c${this.#ids++}`;

  #line = ({ kind, title, key, place, outcome, details }: PlannedObject): ChangeLine => ({
    outcome,
    text: `${title} ${calledIn(kind, key)}`,
    // What a key is made of says where already.
    details: [...details, ...(place === key || place === `${title} ${key}` ? [] : [place])],
  });

  #lines = (objects: readonly PlannedObject[]): ChangeLine[] =>
    inNaturalOrder(
      objects,
      ({ title }) => title,
      ({ key }) => key,
    ).map(this.#line);

  /** What a place's own object is, and becomes. */
  #own({ object }: Place): { readonly outcome?: Outcome; readonly facts: readonly string[] } {
    if (object === undefined) return { facts: [] };
    const { outcome, details, place, key } = object;
    return { outcome, facts: [...(outcome === "unchanged" ? [] : details), ...(place === key ? [] : [place])] };
  }

  #inOrder = (places: ReadonlyMap<string, Place>): Place[] => inNaturalOrder(places.values(), ({ key }) => key);

  #subnet = (place: Place): SubnetPicture => {
    const { key, object, lines } = place;
    const cidr = key === "" ? NOWHERE.subnet : key;
    return {
      ...{ id: this.#id(), cidr, name: object === undefined || object.name === key ? "" : object.name },
      ...{ family: key.includes(":") ? 6 : key.includes("/") ? 4 : undefined, bars: [], findings: [] },
      ...{ ...this.#own(place), changes: this.#lines(lines) },
    };
  };

  #vlan = (place: Place): Card => {
    const { key, object, places, lines } = place;
    const vid = parseKey("vlan", key)?.vid;
    const title = key === "" ? NOWHERE.vlan : vid === "0" ? "untagged" : `VLAN ${vid ?? key}`;
    const name = object?.name ?? "";
    return {
      ...{
        id: this.#id(),
        role: "vlan",
        title,
        name: name === vid || name === title ? "" : name,
        chips: [],
        findings: [],
      },
      ...(vid !== undefined && { vid: Number(vid) }),
      ...{ ...this.#own(place), changes: this.#lines(lines), subnets: this.#inOrder(places).map(this.#subnet) },
    };
  };

  #fabric(place: Place): FabricPicture {
    const { key, object, places, lines } = place;
    const label = [key === "" ? NOWHERE.fabric : `fabric ${key}`, ...this.#own(place).facts].join(" · ");
    return {
      ...{ id: this.#id(), label, findings: [], vlans: this.#inOrder(places).map(this.#vlan) },
      ...{ ...(object !== undefined && { outcome: object.outcome }), changes: this.#lines(lines) },
    };
  }

  /** What is on no network: a card for each kind. */
  #elsewhere(): FabricPicture[] {
    if (this.#others.length === 0) return [];
    const kinds = inNaturalOrder(
      grouped(this.#others, ({ title }) => title),
      ([title]) => title,
    );
    const vlans = kinds.map(([title, list]): Card => {
      const kind = list[0]?.kind;
      const words = kind === undefined ? title : beforeKey(DOCUMENT_KINDS[kind].title);
      return {
        ...{ id: this.#id(), role: "vlan", title: words, name: "", facts: [], chips: [], subnets: [], findings: [] },
        changes: this.#lines(list),
      };
    });
    return [{ id: this.#id(), label: "on no fabric", vlans, findings: [] }];
  }
}

/** What a picture of a plan shows: what is added, changed and gone, at its place; what stays is folded away. */
export function changePicture(objects: readonly PlannedObject[], title: string): Picture {
  return new ChangePainter(objects).paint(title);
}
