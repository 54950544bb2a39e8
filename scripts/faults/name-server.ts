import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

/** Response codes. @see RFC 1035 section 4.1.1 */
const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;
/** The types of records for addresses. @see RFC 1035 section 3.2.2, RFC 3596 section 2.1 */
const A = 1;
const AAAA = 28;
const HEADER = 12;
/** Of an answer: the name of the question, by its place. */
const SAME_NAME = 0xc000 + HEADER;
const IN = 1;

/** The bytes of `::1` or of `2001:db8::1`, with one gap at most. */
function bytesOfIpv6(address: string): number[] {
  const groups = (text: string): string[] => text.split(":").filter((group) => group !== "");
  const [head = "", tail = ""] = address.split("::");
  const [left, right] = [groups(head), groups(tail)];
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return all.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]);
}

const bytesOf = (address: string): number[] =>
  isIPv6(address) ? bytesOfIpv6(address) : address.split(".").map(Number);

function record(address: string): Buffer {
  const data = bytesOf(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(SAME_NAME, 0);
  head.writeUInt16BE(isIPv6(address) ? AAAA : A, 2);
  head.writeUInt16BE(IN, 4);
  // A time to live of 0, so that nobody keeps it.
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, Buffer.from(data)]);
}

/** What a name resolves to. */
export interface Zone {
  addresses: readonly string[];
  /** What queries are answered with; `silence` = not at all. */
  answers: keyof typeof RCODES | "silence";
}

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER; ;) {
    const length = query[at] ?? 0;
    if (length === 0) return labels.join(".").toLowerCase();
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
}

/** A DNS server on port 53 of a network namespace of its own. */
export class NameServer {
  readonly #zones = new Map<string, Zone>();

  private constructor(private readonly socket: Socket) {
    socket.on("message", (query, { port, address }) => {
      const answer = this.#answerTo(query);
      if (answer !== undefined) socket.send(answer, port, address);
    });
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(53, "127.0.0.1", resolve);
    });
    return new NameServer(socket);
  }

  /** Makes a name known. */
  add(name: string, addresses: readonly string[]): Zone {
    const zone: Zone = { addresses, answers: "NOERROR" };
    this.#zones.set(name, zone);
    return zone;
  }

  stop(): void {
    this.socket.close();
  }

  #answerTo(query: Buffer): Buffer | undefined {
    const { addresses, answers }: Zone = this.#zones.get(nameIn(query)) ?? { addresses: [], answers: "NXDOMAIN" };
    if (answers === "silence") return undefined;
    const end = query.indexOf(0, HEADER) + 1;
    const type = query.readUInt16BE(end);
    const isFamily = (address: string): boolean => (isIPv6(address) ? AAAA : A) === type;
    const found = answers === "NOERROR" ? addresses.filter(isFamily) : [];
    const head = Buffer.alloc(HEADER);
    query.copy(head, 0, 0, 2);
    // A response, with recursion desired and available.
    head.writeUInt16BE(0x8180 + RCODES[answers], 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found.length, 6);
    return Buffer.concat([head, query.subarray(HEADER, end + 4), ...found.map(record)]);
  }
}
