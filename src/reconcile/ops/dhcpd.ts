import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What dhcpd says of a text. */
export interface DhcpdRefusal {
  readonly family: 4 | 6;
  /** 1-based line of the snippet; undefined where dhcpd names none of it. */
  readonly line: number | undefined;
  /** In dhcpd's words. */
  readonly said: string;
}

/** Where a snippet stands in the configuration of a rack. */
export type SnippetPlace = "global" | "subnet" | "host";

const FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

/** The dhcpd of this machine; undefined = it has none. */
export function findDhcpd(path = process.env.PATH ?? ""): string | undefined {
  return [...path.split(delimiter), ...FOLDERS]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "dhcpd"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * What the configurations of racks declare before any snippet, as far as snippets may refer to it.
 *
 * @see MAAS templates/dhcp/dhcpd.conf.template, dhcpd6.conf.template (3.6.4): these options
 */
const DECLARED = ["option arch code 93 = unsigned integer 16;", "option path-prefix code 210 = text;"];

const NETWORK = { 4: "subnet 192.0.2.0 netmask 255.255.255.0", 6: "subnet6 2001:db8::/64" } as const;

/** The lines around a snippet. */
const AROUND: Readonly<Record<SnippetPlace, (network: string) => readonly [before: string[], after: string[]]>> = {
  global: (network) => [[], [`${network} { }`]],
  subnet: (network) => [[`${network} {`], ["}"]],
  host: (network) => [[`${network} { }`, "host snippet {", "hardware ethernet 52:54:00:00:00:01;"], ["}"]],
};

function run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((done) => {
    execFile(program, args, { timeout: 10_000, encoding: "utf8" }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      done({ code, output: `${stdout}${stderr}` });
    });
  });
}

/** dhcpd's words about a file, behind the file's name: `FILE line N: MESSAGE`, with the text and a mark below. */
const REFUSAL = /^ line (\d+): (.+)$/;

/** What dhcpd refuses of the text in that family; undefined = nothing, or dhcpd can't be run here. */
async function refusalOf(
  dhcpd: string,
  folder: string,
  { text, place, family }: { readonly text: string; readonly place: SnippetPlace; readonly family: 4 | 6 },
): Promise<DhcpdRefusal | undefined> {
  const [before, after] = AROUND[place](NETWORK[family]);
  const file = join(folder, `dhcpd${family}.conf`);
  const head = [...DECLARED, ...before];
  await writeFile(file, [...head, text, ...after, ""].join("\n"));
  const { code, output } = await run(dhcpd, [`-${family}`, "-t", "-cf", file]);
  // The folder may have blanks in its name.
  const about = output.split("\n").flatMap((row) => (row.startsWith(file) ? [row.slice(file.length)] : []));
  const [, line, said] = about.map((row) => REFUSAL.exec(row)).find((found) => found !== null) ?? [];
  // Without words about the file it could not be run, or not read it: AppArmor keeps dhcpd out of most folders.
  if (code === 0 || said === undefined) return undefined;
  const own = Number(line) - head.length;
  const isInside = own >= 1 && own <= text.split("\n").length;
  return { family, line: isInside ? own : undefined, said };
}

/** A statement that reads another file, which is on the rack and not here. */
const INCLUDE = /(?:^|[{;])\s*include\s/m;

/**
 * What the dhcpd of this machine refuses of a snippet, in each family that it would stand in: racks put a snippet into the
 * configurations of both. Nothing is started or changed.
 *
 * @param dhcpd its program. Default: the one of this machine; where there is none, nothing is refused.
 */
export async function tryWithDhcpd(
  text: string,
  place: SnippetPlace,
  families: readonly (4 | 6)[],
  dhcpd = findDhcpd(),
): Promise<readonly DhcpdRefusal[]> {
  if (dhcpd === undefined || INCLUDE.test(text)) return [];
  const folder = await mkdtemp(join(tmpdir(), "cdktf-maas-dhcpd-"));
  try {
    const found = await Promise.all(families.map((family) => refusalOf(dhcpd, folder, { text, place, family })));
    return found.filter((refusal) => refusal !== undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
