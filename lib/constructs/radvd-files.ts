import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type IConstruct, type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "../cdk";
import { type RadvdInterface, renderRadvd } from "../model/radvd";

/** Folder of the files, in the stack's folder. */
const FOLDER = "radvd";

/** One interface of one router. */
interface RadvdEntry {
  readonly construct: IConstruct;
  readonly router: string;
  readonly settings: RadvdInterface;
}

/**
 * Writes one radvd.conf per router into the stack's folder, so that it travels with the stack. A synthesizer and no part
 * of the construct tree, because it acts in a real synth only, after the stack's file is written.
 */
export class RadvdFiles implements IStackSynthesizer {
  static readonly #installed = new WeakMap<TerraformStack, RadvdFiles>();

  /** The files of the construct's stack. */
  static installFor(construct: IConstruct): RadvdFiles {
    const stack = TerraformStack.of(construct);
    const installed = RadvdFiles.#installed.get(stack);
    if (installed !== undefined) return installed;
    const files = new RadvdFiles(stack, stack.synthesizer);
    RadvdFiles.#installed.set(stack, files);
    stack.synthesizer = files;
    stack.node.addValidation({ validate: () => files.#conflicts() });
    return files;
  }

  /** Path of a router's file, relative to the stack's folder, with forward slashes. */
  static pathOf(router: string): string {
    return `${FOLDER}/${router}.conf`;
  }

  readonly #entries: RadvdEntry[] = [];

  private constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
  ) {}

  add(entry: RadvdEntry): void {
    this.#entries.push(entry);
  }

  synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const stackFolder = join(session.outdir, session.manifest.forStack(this.stack).workingDirectory);
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
