import { writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Authority, type Certificate } from "./certificates";
import { temporaryFolder } from "../temporary-folder";
import type { NameServer, Zone } from "./name-server";

const ADDRESSES = { v4: "127.0.0.1", v6: "::1" } as const;
export type Family = keyof typeof ADDRESSES;

/** The certificates that a region may show, by what is right or wrong with them. */
export type CertificateName = "right" | "expired" | "not valid yet" | "of another host" | "of an unknown authority";

async function makeCertificates(
  name: string,
): Promise<{ ca: string; certificates: Record<CertificateName, Certificate> }> {
  const [authority, unknown] = await Promise.all([Authority.make(), Authority.make()]);
  const names = [{ type: "dns", value: name } as const];
  const certificates = {
    right: await authority.issue({ names }),
    expired: await authority.issue({ names, days: [-3, -1] }),
    "not valid yet": await authority.issue({ names, days: [1, 3] }),
    "of another host": await authority.issue({ names: [{ type: "dns", value: "other.maas.test" }] }),
    "of an unknown authority": await unknown.issue({ names }),
  };
  return { ca: authority.pem, certificates };
}

const listen = (server: Server, port: number, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve();
    });
  });

/** Fronts with a name so far. */
let count = 0;

/** How programs reach a region: what listens, under which name and with which certificate. */
export class Front {
  /** Answers in place of the region. */
  instead: RequestListener | undefined;

  private constructor(
    private readonly servers: Partial<Record<Family, Server>>,
    private readonly host: string,
    private readonly port: number,
    /** What a program needs in its environment to come here. */
    readonly environment: NodeJS.ProcessEnv = {},
    private readonly certificates?: Record<CertificateName, Certificate>,
    readonly zone?: Zone,
  ) {}

  /** Plain HTTP, at an address. */
  static async plain(take: RequestListener): Promise<Front> {
    const v4 = createServer(take);
    await listen(v4, 0, ADDRESSES.v4);
    return new Front({ v4 }, ADDRESSES.v4, (v4.address() as AddressInfo).port);
  }

  /** TLS at a name of its own, with addresses of both families: only in namespaces with that DNS server. */
  static async named(take: RequestListener, names: NameServer): Promise<Front> {
    count += 1;
    const name = `region${count}.maas.test`;
    const { ca, certificates } = await makeCertificates(name);
    const file = join(temporaryFolder("cdktf-maas-faults-"), "ca.pem");
    writeFileSync(file, ca);
    const [v4, v6] = [createTlsServer(certificates.right, take), createTlsServer(certificates.right, take)];
    await listen(v4, 0, ADDRESSES.v4);
    const { port } = v4.address() as AddressInfo;
    await listen(v6, port, ADDRESSES.v6);
    const zone = names.add(name, Object.values(ADDRESSES));
    return new Front({ v4, v6 }, name, port, { MAAS_API_CACERT: file }, certificates, zone);
  }

  get url(): string {
    return `${this.certificates === undefined ? "http" : "https"}://${this.host}:${this.port}/MAAS`;
  }

  /** Ends the connections that there are. */
  cut(families: readonly Family[] = ["v4", "v6"]): void {
    for (const family of families) this.servers[family]?.closeAllConnections();
  }

  /** From now on connections to addresses of that family are refused. */
  close(family: Family): void {
    this.servers[family]?.close();
    this.cut([family]);
  }

  async open(family: Family): Promise<void> {
    const server = this.servers[family];
    if (server !== undefined && !server.listening) await listen(server, this.port, ADDRESSES[family]);
  }

  /** From now on new connections get that certificate. */
  show(name: CertificateName): void {
    const certificate = this.certificates?.[name];
    for (const server of Object.values(this.servers))
      if (server instanceof TlsServer && certificate !== undefined) server.setSecureContext(certificate);
  }

  async stop(): Promise<void> {
    this.cut();
    await Promise.all(
      Object.values(this.servers).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }
}
