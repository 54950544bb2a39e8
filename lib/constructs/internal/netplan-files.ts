import { type IConstruct, type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "../../cdk";
import { type NetplanInterface, renderNetplan } from "../../model/netplan";
import { fault, type Problem } from "../../model/problem";
import { told } from "./users-language";
import { writeFolder } from "./rendered-files";
import { isInTree } from "./facts";
import { AroundSynthesis, folderOf } from "./synthesised";

/** Folder of the files, in the stack's folder. */
const FOLDER = "netplan";

/** One interface of one rack. */
interface NetplanEntry {
  readonly construct: IConstruct;
  readonly rack: string;
  readonly settings: NetplanInterface;
}

/** Why two constructs can't be one interface; undefined when they can. */
function conflict(first: NetplanEntry, second: NetplanEntry): Problem | undefined {
  const { name } = second.settings;
  const both = `${first.construct.node.path} and ${second.construct.node.path}`;
  const twice = second.settings.addresses.find((address) => first.settings.addresses.includes(address));
  const fix = `Drop it in ${second.construct.node.path}.`;
  if (twice !== undefined)
    return fault("MAAS-NPL-04", undefined, { what: `${both} both have ${twice} of ${second.rack}`, fix });
  if (first.settings.name !== name) return undefined;
  const own = ({ section, vlan, gateway, acceptRa }: NetplanInterface): string =>
    JSON.stringify([section, vlan, gateway, acceptRa]);
  if (own(first.settings) === own(second.settings)) return undefined;
  const what = `${both} configure ${name} of ${second.rack} differently`;
  return fault("MAAS-NPL-04", undefined, { what, fix: "Give both the same settings, but for the addresses." });
}

/** Writes one netplan file per rack into the stack's folder, so that it travels with the stack. */
export class NetplanFiles extends AroundSynthesis {
  /** The files of the construct's stack. */
  static installFor(construct: IConstruct): NetplanFiles {
    return AroundSynthesis.around("netplan-files", NetplanFiles, TerraformStack.of(construct));
  }

  /** Path of a rack's file, relative to the stack's folder, with forward slashes. */
  static pathOf(rack: string): string {
    return `${FOLDER}/${rack}.yaml`;
  }

  readonly #added: NetplanEntry[] = [];

  constructor(stack: TerraformStack, inner: IStackSynthesizer) {
    super(stack, inner);
    stack.node.addValidation({ validate: () => this.#conflicts() });
  }

  add(entry: NetplanEntry): void {
    this.#added.push(entry);
  }

  get #entries(): readonly NetplanEntry[] {
    return this.#added.filter(({ construct }) => isInTree(construct));
  }

  override synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const racks = [...new Set(this.#entries.map((entry) => entry.rack))];
    const files = racks.map((rack) => [NetplanFiles.pathOf(rack), renderNetplan(this.#interfacesOf(rack))] as const);
    writeFolder(folderOf(this.stack, session), FOLDER, new Map(files));
  }

  /** The interfaces of a rack, with the addresses of all constructs about them. */
  #interfacesOf(rack: string): NetplanInterface[] {
    const interfaces = new Map<string, NetplanInterface>();
    for (const { settings } of this.#entries.filter((entry) => entry.rack === rack)) {
      const before = interfaces.get(settings.name);
      const addresses = [...(before?.addresses ?? []), ...settings.addresses];
      interfaces.set(settings.name, { ...(before ?? settings), addresses });
    }
    return [...interfaces.values()];
  }

  #conflicts(): string[] {
    const entries = this.#entries;
    return entries.flatMap((entry, index) =>
      entries
        .slice(0, index)
        .filter(({ rack }) => rack === entry.rack)
        .flatMap((earlier) => conflict(earlier, entry) ?? [])
        .map((problem) => told(problem)),
    );
  }
}
