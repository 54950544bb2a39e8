import { handshakeLine, LaunchError, readLaunch } from "../../../src/provider/rpc/handshake";
import { LAUNCH_ENVIRONMENT } from "../../support/plugin-client";

const PROGRAM = "terraform-provider-demo";
const endpoint = { network: "unix", address: "/tmp/x/socket", release: () => undefined } as const;

describe("reading how Terraform starts the plugin", () => {
  it("takes the client certificate and the ports", () => {
    expect(readLaunch({ ...LAUNCH_ENVIRONMENT, PLUGIN_CLIENT_CERT: "PEM" }, PROGRAM)).toEqual({
      clientCertificate: "PEM",
      ports: { min: 10000, max: 25000 },
    });
  });

  it("has no client certificate when Terraform's plugin TLS is off", () => {
    expect(readLaunch({ ...LAUNCH_ENVIRONMENT, PLUGIN_CLIENT_CERT: "" }, PROGRAM)).not.toHaveProperty(
      "clientCertificate",
    );
  });

  it.each([undefined, "", "wrong"])("refuses the magic cookie %j", (cookie) => {
    expect(() => readLaunch({ ...LAUNCH_ENVIRONMENT, TF_PLUGIN_MAGIC_COOKIE: cookie }, PROGRAM)).toThrow(LaunchError);
  });

  it.each([undefined, "", "5", "4,5", "66"])("refuses a Terraform that offers protocols %j", (versions) => {
    expect(() => readLaunch({ ...LAUNCH_ENVIRONMENT, PLUGIN_PROTOCOL_VERSIONS: versions }, PROGRAM)).toThrow(
      /speaks version 6 .* Use Terraform 1\.0 or later\./,
    );
  });
});

describe("the handshake line", () => {
  it("names protocol, socket and certificate, without padding", () => {
    expect(handshakeLine(endpoint, Buffer.from([1, 2, 3, 4]))).toBe("1|6|unix|/tmp/x/socket|grpc|AQIDBA\n");
  });

  it("ends after the protocol without TLS", () => {
    expect(handshakeLine(endpoint)).toBe("1|6|unix|/tmp/x/socket|grpc\n");
  });
});
