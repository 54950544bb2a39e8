import type { DocumentKindName } from "../../../lib/model/document/kinds";
import type { KindName } from "../../../lib/model/field";
import type { LiveObject } from "../live-objects";

/** What has been read of a live region, by kind and natural key. */
export class LiveState {
  readonly #byKey: ReadonlyMap<string, LiveObject>;
  readonly #byAlias: ReadonlyMap<string, LiveObject>;
  readonly #byId: ReadonlyMap<string, LiveObject>;

  constructor(readonly objects: readonly LiveObject[]) {
    this.#byKey = new Map(objects.map((object) => [nameOf(object.kind, object.key), object]));
    this.#byAlias = new Map(
      objects.flatMap((object) => (object.aliases ?? []).map((key) => [nameOf(object.kind, key), object] as const)),
    );
    this.#byId = new Map(objects.map((object) => [nameOf(object.kind, object.id), object]));
  }

  find(kind: KindName, key: string): LiveObject | undefined {
    const name = nameOf(kind, key);
    return this.#byKey.get(name) ?? this.#byAlias.get(name) ?? this.#interfaceOf(kind, key);
  }

  /** An interface by another name of its rack. */
  #interfaceOf(kind: KindName, key: string): LiveObject | undefined {
    if (kind !== "rack_interface") return undefined;
    const [, rack = "", name = ""] = /^(.+)\/([^/]+)$/.exec(key) ?? [];
    const owner = this.#byAlias.get(nameOf("rack_controller", rack));
    return owner && this.#byKey.get(nameOf(kind, `${owner.key}/${name}`));
  }

  /** Like {@link find}, and takes an id too: racks and machines are named by either. */
  findNamed(kind: KindName, name: string): LiveObject | undefined {
    return this.find(kind, name) ?? this.#byId.get(nameOf(kind, name));
  }

  withId(kind: KindName, id: string): LiveObject | undefined {
    return this.#byId.get(nameOf(kind, id));
  }

  ofKind(kind: KindName): readonly LiveObject[] {
    return this.objects.filter((object) => object.kind === kind);
  }
}

/** What an object is called among those of all kinds. */
export function nameOf(kind: DocumentKindName, key: string): string {
  return `${kind} ${key}`;
}
