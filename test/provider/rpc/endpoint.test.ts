import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { once } from "node:events";
import { listen } from "../../../src/provider/rpc/endpoint";

const anyPorts = { ports: { min: 10000, max: 25000 } };
const servers: Server[] = [];
const server = () => {
  const added = createServer();
  servers.push(added);
  return added;
};

afterEach(() => servers.splice(0).forEach((each) => each.close()));

describe("where the plugin listens", () => {
  it("is a socket in a folder of its own that nobody else can enter, gone after release", async () => {
    const endpoint = await listen(server(), anyPorts, "linux");
    const folder = dirname(endpoint.address);
    expect(endpoint.network).toBe("unix");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    endpoint.release();
    endpoint.release();
    expect(existsSync(folder)).toBe(false);
  });

  it("is below the folder that Terraform names", async () => {
    const root = mkdtempSync(join(tmpdir(), "root-"));
    const endpoint = await listen(server(), { ...anyPorts, socketFolder: root }, "linux");
    expect(dirname(dirname(endpoint.address))).toBe(root);
    endpoint.release();
    rmSync(root, { recursive: true });
  });

  it("is below /tmp when the named folder is too deep for a socket", async () => {
    const endpoint = await listen(server(), { ...anyPorts, socketFolder: `/${"x".repeat(90)}` }, "linux");
    expect(dirname(dirname(endpoint.address))).toBe("/tmp");
    endpoint.release();
  });

  it("is the first free port of the loopback interface on Windows", async () => {
    const taken = server().listen({ host: "127.0.0.1", port: 0 });
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const endpoint = await listen(server(), { ports: { min: port, max: port + 50 } }, "win32");
    expect(endpoint.network).toBe("tcp");
    expect(Number(endpoint.address.replace("127.0.0.1:", ""))).toBeGreaterThan(port);
  });

  it("names the ports when none is free", async () => {
    const taken = server().listen({ host: "127.0.0.1", port: 0 });
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    await expect(listen(server(), { ports: { min: port, max: port } }, "win32")).rejects.toThrow(
      `Every port from ${port} to ${port} of 127.0.0.1 is in use.`,
    );
  });
});
