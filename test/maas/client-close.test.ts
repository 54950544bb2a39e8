import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { Authority } from "../../scripts/faults/certificates";
import { clientOf, failureOf, freePort, startRegion, withoutProxies } from "./support/region";
import { MaasAbortedError } from "../../src/maas/errors";
import { OTHER_NAME } from "../../src/maas/tls";

beforeEach(withoutProxies);

test("a client ends though the region has shown the certificate of another host to one of its connections", async () => {
  const authority = await Authority.make();
  const [right, wrong] = await Promise.all(
    ["localhost", "other.maas.test"].map((value) => authority.issue({ names: [{ type: "dns", value }] })),
  );
  let answer = (): void => undefined;
  const server: Server = createServer({ ...right });
  const isAsked = new Promise<void>((resolve) =>
    server.on("request", (_, response) => {
      answer = () => void response.writeHead(200, { "content-type": "application/json" }).end('{"id":1}');
      server.setSecureContext({ ...wrong });
      resolve();
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const client = clientOf(`https://localhost:${port}/MAAS`, { ca: authority.pem });
  const first = client.get("sshkeys/1/").catch(() => undefined);
  await isAsked;
  const error = await failureOf(client.get("sshkeys/2/"));
  answer();
  await first;
  await client.close();
  server.closeAllConnections();
  server.close();
  expect(error).toMatchObject({ cause: { code: OTHER_NAME } });
});

test("a call that waits for its next attempt when the client is closed is not made again", async () => {
  const client = clientOf(`http://127.0.0.1:${await freePort()}/MAAS`, { retry: { baseDelayMs: 1, maxDelayMs: 1 } });
  const failed = failureOf(client.get("sshkeys/"));
  await client.close();
  await expect(failed).resolves.toBeInstanceOf(MaasAbortedError);
});

test("a call under way when the client is closed is waited for", async () => {
  const region = await startRegion((request) => setTimeout(() => request.respond(200, { id: 1 }), 50), {
    version: "3.6.5",
  });
  const client = clientOf(region.url);
  const call = client.get("sshkeys/1/");
  await client.close();
  await expect(call).resolves.toEqual({ id: 1 });
  await region.close();
});
