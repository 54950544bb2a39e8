import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "../maas/support/certificates";
import { startProxy } from "../maas/support/proxy";
import { startRegion } from "../maas/support/region";
import { cdktfMaas } from "../support/command-line";

jest.setTimeout(60_000);

const PASSWORD = "pRoXyPaSsWoRdOfThisTest";

// The built program has only parts of undici.
test.each(["http", "https"])(
  "the built program asks a region over %s through a proxy with a password",
  async (scheme) => {
    const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-proxies-"));
    const certificates = await makeCertificates();
    const caCert = join(folder, "ca.pem");
    writeFileSync(caCert, certificates.ca);
    const proxy = await startProxy();
    const region = await startRegion((request) => request.respond(401, "no such key in this region"), {
      ...(scheme === "https" && { tls: certificates }),
    });
    const withPassword = proxy.url.replace("//", `//user:${PASSWORD}@`);
    const { stderr } = await cdktfMaas(["audit", "--url", region.url, "--ca-cert", caCert], {
      ...{ MAAS_API_KEY: "consumer:token:secret", HTTP_PROXY: withPassword, HTTPS_PROXY: withPassword },
    });
    await region.close();
    await proxy.close();
    rmSync(folder, { recursive: true });
    expect(stderr).toContain("401");
    expect(proxy.asked).not.toEqual([]);
  },
);
