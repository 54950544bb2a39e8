import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { status as Grpc } from "@grpc/grpc-js";
import { Diagnostic_Severity } from "../../../src/provider/protocol/tfplugin6_pb";
import { selfSignedCertificate } from "../../../src/provider/rpc/certificate";
import { decodeDynamicValue, encodeDynamicValue, type TypeExpression } from "../../../src/provider/rpc/dynamic-value";
import { listen } from "../../../src/provider/rpc/server";
import { DemoPlugin } from "../../support/demo-plugin";
import { LAUNCH_ENVIRONMENT, PluginClient, type PluginOptions, spawnPlugin } from "../../support/plugin-client";

jest.setTimeout(30_000);

const NOTE: TypeExpression = ["object", { id: "string", text: "string", tags: ["set", "string"], priority: "number" }];
const note = (text: string) => encodeDynamicValue({ id: "note-1", text }, NOTE);
const NULL = encodeDynamicValue(null, NOTE);

const demo = new DemoPlugin();
const running: PluginClient[] = [];

async function start(options?: PluginOptions): Promise<PluginClient> {
  const plugin = await PluginClient.start(demo.file, options);
  running.push(plugin);
  return plugin;
}

const read = (plugin: PluginClient, text: string, options?: { signal: AbortSignal }) =>
  plugin.call("readResource", { typeName: "demo_note", currentState: note(text) }, options);

afterEach(() => Promise.all(running.splice(0).map((plugin) => plugin.kill())));
afterAll(() => demo.remove());

/** Resolves once a call of this kind is under way: the provider answers calls in the order they came. */
const underWay = (plugin: PluginClient) => plugin.call("configureProvider", {});

describe("starting a plugin", () => {
  it("without Terraform's cookie says what it is, on stderr only, and exits with code 1", async () => {
    const child = spawnPlugin(demo.file, { TF_PLUGIN_MAGIC_COOKIE: undefined });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text: Buffer) => (output.stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output.stderr += text.toString()));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(output.stdout).toBe("");
    expect(output.stderr).toBe(
      "terraform-provider-demo is a Terraform provider plugin: Terraform starts it, and it does nothing when started by hand.\n" +
        "Name the provider in your configuration and run `terraform plan` or `cdktf deploy`. [MAAS-PLG-01]\n",
    );
  });

  it("under a Terraform of another protocol fails with code 1", async () => {
    await expect(start({ environment: { PLUGIN_PROTOCOL_VERSIONS: "5" } })).rejects.toThrow(
      /ended with code 1 .* version 6/,
    );
  });

  it("answers over mutual TLS with the certificate of its handshake", async () => {
    const plugin = await start();
    expect(plugin.fields).toHaveLength(6);
    const { resourceSchemas } = await plugin.call("getProviderSchema", {});
    expect(Object.keys(resourceSchemas)).toEqual(["demo_note"]);
  });

  it("answers without TLS when Terraform has switched it off", async () => {
    const plugin = await start({ plaintext: true });
    expect(plugin.fields).toHaveLength(5);
    expect((await plugin.call("getProviderSchema", {})).provider).toBeDefined();
  });

  it("refuses a client that shows another certificate", async () => {
    const plugin = await start();
    const stranger = plugin.connect(selfSignedCertificate());
    const connecting = new Promise((resolve, reject) =>
      stranger.waitForReady(Date.now() + 1000, (error) => (error ? reject(error) : resolve(undefined))),
    );
    // TLS 1.3 tells a client of the refusal after its own handshake, so being ready proves nothing: a call does.
    const calling = connecting.then(
      () =>
        new Promise((resolve, reject) =>
          stranger.makeUnaryRequest(
            "/tfplugin6.Provider/GetProviderSchema",
            (bytes: Buffer) => bytes,
            (bytes) => bytes,
            Buffer.alloc(0),
            (error, response) => (error ? reject(error) : resolve(response)),
          ),
        ),
    );
    await expect(calling).rejects.toThrow();
    plugin.disconnect();
    expect((await plugin.call("getProviderSchema", {})).provider).toBeDefined();
  });
});

describe("a plugin without a client", () => {
  const limits = { DEMO_FIRST_CALL_MS: "1000", DEMO_NO_CLIENT_MS: "1000" };

  it("ends when nobody calls it after the handshake, and leaves no socket", async () => {
    const plugin = await start({ environment: limits });
    expect(await plugin.exit).toEqual({ code: 0, signal: null });
    expect(existsSync(dirname(plugin.address))).toBe(false);
  });

  it("ends when a client has connected and gone without a call", async () => {
    const plugin = await start({ environment: limits });
    await new Promise<void>((resolve, reject) =>
      plugin.connect().waitForReady(Date.now() + 900, (error) => (error ? reject(error) : resolve())),
    );
    plugin.disconnect();
    expect(await plugin.exit).toEqual({ code: 0, signal: null });
  });

  it("stays while a client is connected, and ends some time after it has gone", async () => {
    const plugin = await start({ environment: limits });
    await read(plugin, "hello");
    await sleep(2500);
    await read(plugin, "still there");
    plugin.disconnect();
    expect(await plugin.exit).toEqual({ code: 0, signal: null });
  });

  it("ends when the process that started it was killed before it could ask who that was", async () => {
    const script = `require("node:child_process").spawn(process.argv[1], { stdio: "ignore", detached: true }); process.kill(process.pid, "SIGKILL")`;
    const sockets = mkdtempSync(join(tmpdir(), "cdktf-maas-left-"));
    const env = { ...process.env, ...LAUNCH_ENVIRONMENT, ...limits, PLUGIN_UNIX_SOCKET_DIR: sockets };
    await once(spawn(process.execPath, ["-e", script, demo.file], { env }), "close");
    const isThere = (): boolean => readdirSync(sockets).length > 0;
    while (!isThere()) await sleep(50);
    const started = Date.now();
    while (isThere() && Date.now() - started < 10_000) await sleep(50);
    expect(isThere()).toBe(false);
    rmSync(sockets, { recursive: true });
  });
});

describe("answering calls", () => {
  it("carries values and private data both ways", async () => {
    const plugin = await start();
    const { newState, private: secret } = await plugin.call("readResource", {
      typeName: "demo_note",
      currentState: note("hello"),
      private: Buffer.from("p"),
    });
    expect(decodeDynamicValue(newState, NOTE)).toEqual({ id: "note-1", text: "hello", tags: null, priority: null });
    expect(Buffer.from(secret).toString()).toBe("p");
  });

  it("carries messages beyond the four megabytes that gRPC allows by default", async () => {
    const plugin = await start();
    const text = "x".repeat(20_000_000);
    const { newState } = await read(plugin, text);
    expect(newState?.msgpack.length).toBeGreaterThan(text.length);
  });

  it("answers many calls at once", async () => {
    const plugin = await start();
    const texts = Array.from({ length: 300 }, (_, index) => `${index} ${"x".repeat(100_000)}`);
    const answers = await Promise.all(texts.map((text) => read(plugin, text)));
    expect(answers.map(({ newState }) => decodeDynamicValue(newState, NOTE))).toEqual(
      texts.map((text) => ({ id: "note-1", text, tags: null, priority: null })),
    );
  });

  it("says Unimplemented for what the provider does not handle", async () => {
    const plugin = await start();
    await expect(plugin.call("getMetadata", {})).rejects.toMatchObject({
      code: Grpc.UNIMPLEMENTED,
      details: "this provider does not implement /tfplugin6.Provider/GetMetadata",
    });
  });

  it("turns an exception into a diagnostic that owns up to a bug, and goes on", async () => {
    const plugin = await start();
    const { diagnostics, newState } = await read(plugin, "explode");
    expect(newState).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        severity: Diagnostic_Severity.ERROR,
        summary: "ReadResource of demo_note failed unexpectedly",
        detail: expect.stringMatching(
          /^Error: boom\n\nThis is a bug of the provider, not of your configuration\./,
        ) as unknown,
      },
    ]);
    expect((await read(plugin, "fine")).diagnostics).toEqual([]);
  });

  it("finds the place of the diagnostics in every response", async () => {
    const plugin = await start();
    const config = encodeDynamicValue({ fail: true }, ["object", { fail: "bool" }]);
    expect((await plugin.call("validateProviderConfig", { config })).diagnostics).toMatchObject([
      { summary: "ValidateProviderConfig failed unexpectedly" },
    ]);
  });

  it("logs calls by name at TF_LOG_PROVIDER=debug, and no values", async () => {
    const plugin = await start({ environment: { TF_LOG_PROVIDER: "debug" } });
    await read(plugin, "a-secret");
    await read(plugin, "explode");
    await plugin.shutdown();
    const lines = plugin.log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { "@level": "debug", "@module": "terraform-provider-demo", tf_rpc: "ReadResource", tf_type: "demo_note" },
      { "@level": "error", tf_rpc: "ReadResource", stack: expect.stringContaining("    at ") as unknown },
      { "@level": "debug", reason: "Terraform asked for it" },
    ]);
    expect(plugin.log).not.toMatch(/a-secret|boom/);
  });
});

describe("stopping", () => {
  it("aborts what waits, and lets a write that is under way return its result", async () => {
    const plugin = await start();
    const reading = read(plugin, "wait");
    const writing = plugin.call("applyResourceChange", {
      typeName: "demo_note",
      priorState: NULL,
      plannedState: note("slow"),
    });
    await underWay(plugin);
    expect((await plugin.call("stopProvider", {})).error).toBe("");
    expect((await reading).diagnostics).toMatchObject([{ summary: "ReadResource of demo_note was stopped" }]);
    expect(decodeDynamicValue((await writing).newState, NOTE)).toMatchObject({ id: "note-1", text: "slow" });
  });

  it("aborts the signal of a call that the caller gives up", async () => {
    const plugin = await start({ environment: { TF_LOG_PROVIDER: "debug" } });
    const giveUp = new AbortController();
    const reading = read(plugin, "wait", giveUp);
    const outcome = expect(reading).rejects.toMatchObject({ code: Grpc.CANCELLED });
    await underWay(plugin);
    giveUp.abort();
    await outcome;
    await underWay(plugin);
    await plugin.shutdown();
    expect(plugin.log).toMatch(/"tf_rpc":"ReadResource","tf_type":"demo_note","@level":"debug","@message":"stopped"/);
  });
});

describe("ending", () => {
  it("answers Shutdown, exits with code 0, and leaves no socket behind", async () => {
    const plugin = await start();
    expect(existsSync(plugin.address)).toBe(true);
    expect(await plugin.shutdown()).toEqual({ code: 0, signal: null });
    expect(existsSync(dirname(plugin.address))).toBe(false);
  });

  it("exits on Shutdown while a call is under way", async () => {
    const plugin = await start();
    const reading = expect(read(plugin, "wait")).rejects.toMatchObject({ code: Grpc.UNAVAILABLE });
    await underWay(plugin);
    expect(await plugin.shutdown()).toEqual({ code: 0, signal: null });
    await reading;
  });

  it("leaves SIGINT to Terraform", async () => {
    const plugin = await start();
    plugin.signal("SIGINT");
    expect((await read(plugin, "fine")).diagnostics).toEqual([]);
    plugin.signal("SIGINT");
    expect((await read(plugin, "fine")).diagnostics).toEqual([]);
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("follows %s, and leaves no socket behind", async (signal, code) => {
    const plugin = await start();
    await underWay(plugin);
    expect(await plugin.kill(signal)).toEqual({ code, signal: null });
    expect(existsSync(dirname(plugin.address))).toBe(false);
  });

  it("ends when the process that started it is gone", async () => {
    const parent = spawn(
      process.execPath,
      [
        "-e",
        `require("node:child_process").spawn(${JSON.stringify(demo.file)}, {stdio: ["ignore", "inherit", "ignore"]}); setInterval(() => {}, 1e6)`,
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...LAUNCH_ENVIRONMENT } },
    );
    const [handshake] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const socket = handshake.split("|")[3]!;
    expect(existsSync(socket)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent.stdout, "close"); // the plugin, which inherited it, is gone as well
    expect(existsSync(dirname(socket))).toBe(false);
  });
});

describe("endpoint", () => {
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
});
