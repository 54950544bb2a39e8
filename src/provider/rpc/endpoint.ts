import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { ListenOptions, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Launch } from "./handshake";

/** macOS's limit for the path of a socket; Linux allows four bytes more. */
const MAX_SOCKET_PATH = 103;

/** Where a plugin listens. */
export interface Endpoint {
  readonly network: "unix" | "tcp";
  /** The path of the socket, or host and port. */
  readonly address: string;
  /** Removes what listening has left in the file system. Safe to call twice. */
  readonly release: () => void;
}

/**
 * Makes the server listen where only this user's processes reach it: a socket in a fresh folder of mode 0700. On
 * Windows, where Terraform can't use those, a port of 127.0.0.1.
 *
 * @throws Error when there is no free port, or no folder to write to.
 */
export async function listen(server: Server, launch: Launch, platform = process.platform): Promise<Endpoint> {
  return platform === "win32" ? listenOnPort(server, launch) : listenOnSocket(server, launch);
}

async function listenOnSocket(server: Server, launch: Launch): Promise<Endpoint> {
  const folder = mkdtempSync(join(socketRoot(launch), "plugin-")); // mode 0700
  const address = join(folder, "socket");
  const release = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await listening(server, { path: address });
  } catch (error) {
    release();
    throw error;
  }
  return { network: "unix", address, release };
}

/** A pipeline's own folder for temporary files can be too deep for a socket. */
function socketRoot(launch: Launch): string {
  const root = launch.socketFolder ?? tmpdir();
  return join(root, "plugin-XXXXXX", "socket").length <= MAX_SOCKET_PATH ? root : "/tmp";
}

async function listenOnPort(server: Server, { ports }: Launch): Promise<Endpoint> {
  for (let port = ports.min; port <= ports.max; port++) {
    try {
      await listening(server, { host: "127.0.0.1", port });
      return { network: "tcp", address: `127.0.0.1:${port}`, release: () => undefined };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new Error(
    `Every port from ${ports.min} to ${ports.max} of 127.0.0.1 is in use. Free one of them, or end plugins that were left behind.`,
  );
}

async function listening(server: Server, where: ListenOptions): Promise<void> {
  server.listen(where);
  await once(server, "listening");
}
