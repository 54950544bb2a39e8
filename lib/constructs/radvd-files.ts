import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type IConstruct, type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "../cdk";
import { AroundSynthesis, folderOf } from "./around-synthesis";
import { type RadvdInterface, renderRadvd } from "../model/radvd";

/** Folder of the files, in the stack's folder. */
const FOLDER = "radvd";

/** One interface of one router. */
interface RadvdEntry {
  readonly construct: IConstruct;
  readonly router: string;
  readonly settings: RadvdInterface;
}

/** Writes one radvd.conf per router into the stack's folder, so that it travels with the stack. */
export class RadvdFiles extends AroundSynthesis {
  /** The files of the construct's stack. */
  static installFor(construct: IConstruct): RadvdFiles {
    return AroundSynthesis.around(RadvdFiles, TerraformStack.of(construct));
  }

  /** Path of a router's file, relative to the stack's folder, with forward slashes. */
  static pathOf(router: string): string {
    return `${FOLDER}/${router}.conf`;
  }

  readonly #entries: RadvdEntry[] = [];

  constructor(stack: TerraformStack, inner: IStackSynthesizer) {
    super(stack, inner);
    stack.node.addValidation({ validate: () => this.#conflicts() });
  }

  add(entry: RadvdEntry): void {
    this.#entries.push(entry);
  }

  override synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const stackFolder = folderOf(this.stack, session);
    // Whole, so that the file of a router that is gone goes too.
    rmSync(join(stackFolder, FOLDER), { recursive: true, force: true });
    mkdirSync(join(stackFolder, FOLDER));
    for (const router of new Set(this.#entries.map((entry) => entry.router))) {
      const interfaces = this.#entries.filter((entry) => entry.router === router).map(({ settings }) => settings);
      writeFileSync(join(stackFolder, RadvdFiles.pathOf(router)), renderRadvd(interfaces));
    }
  }

  /** radvd refuses a file with two sections for one interface. */
  #conflicts(): string[] {
    const seen = new Map<string, RadvdEntry>();
    return this.#entries.flatMap((entry) => {
      const { router, settings, construct } = entry;
      const key = `${router} ${settings.interfaceName}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, entry);
        return [];
      }
      return [
        `${first.construct.node.path} and ${construct.node.path} both configure ${settings.interfaceName} of ${router}. ` +
          `radvd takes one section per interface, and an interface has one IPv6 subnet. ` +
          `Fix: give ${construct.node.path} the interface that is on ${settings.prefix}, or another router.`,
      ];
    });
  }
}
