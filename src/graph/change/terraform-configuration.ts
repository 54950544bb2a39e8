type Json = Readonly<Record<string, unknown>>;

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Json)[name] : undefined;

const listAt = (value: unknown, name: string): readonly unknown[] => {
  const list = member(value, name);
  return Array.isArray(list) ? (list as unknown[]) : [];
};

const textsAt = (value: unknown, name: string): string[] =>
  listAt(value, name).filter((text) => typeof text === "string");

/** An address in parts: `module.site["a"].maas_vlan.lab[0]`. */
const ADDRESS = /^((?:module\.[^.[]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?\.)*)([^.]+\.[^.[]+)(\[.*\])?$/s;

/** The configuration of a plan of Terraform's: what it refers to where values are not known yet. */
export class Configured {
  constructor(
    private readonly configuration: unknown,
    /** Whether the plan has a resource of that address. */
    private readonly isPlanned: (address: string) => boolean,
  ) {}

  /**
   * The address of the one resource of that type that an attribute of an instance refers to: with the instance's own key where
   * both have several. Undefined = of none, or of more than one.
   */
  referenced(address: string, attribute: string, type: string): string | undefined {
    const [, modules = "", name = "", key = ""] = ADDRESS.exec(address) ?? [];
    const resource = this.#resource(modules, name);
    const expression = member(member(resource, "expressions"), attribute);
    const direct = textsAt(expression, "references");
    const all = direct.some((reference) => reference.startsWith("each."))
      ? [...direct, ...textsAt(member(resource, "for_each_expression"), "references")]
      : direct;
    const found = [
      ...new Set(
        all
          .filter((reference) => reference.startsWith(`${type}.`))
          .map((reference) => (/^[^.]+\.[^.[]+(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?/.exec(reference) ?? [""])[0]),
      ),
    ];
    // `maas_vlan.lab[0].id` is listed along with `maas_vlan.lab[0]` and `maas_vlan.lab`.
    const [first, ...others] = found.filter((one) => !found.some((longer) => longer.startsWith(`${one}[`)));
    if (first === undefined || others.length > 0) return undefined;
    return [`${modules}${first}${key}`, `${modules}${first}`].find((one) => this.isPlanned(one));
  }

  #resource(modules: string, name: string): unknown {
    const path = [...modules.matchAll(/module\.([^.[]+)/g)].map(([, call = ""]) => call);
    const module = path.reduce<unknown>(
      (within, call) => member(member(member(within, "module_calls"), call), "module"),
      member(this.configuration, "root_module"),
    );
    return listAt(module, "resources").find((resource) => member(resource, "address") === name);
  }
}
