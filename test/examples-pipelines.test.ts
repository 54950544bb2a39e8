import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ApiKey } from "../src/maas/api-key";
import { apiPath, ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import type { ObjectJson } from "../src/maas/codec";
import { MaasSimulator } from "../src/simulator";
import { PASSWORD, StateServer, USER } from "./support/state-server";
import { temporaryFolder } from "./support/synth";

jest.setTimeout(180_000);

const ROOT = resolve(__dirname, "..");
const FOLDER = join(ROOT, "examples/pipelines");
// It has no types.
const { load } = jest.requireActual<{ load: (text: string) => unknown }>("js-yaml");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** The values that a pipeline's variables have. */
type Variables = Readonly<Record<string, string>>;

let simulator: MaasSimulator;
let server: StateServer;
beforeEach(async () => {
  simulator = await MaasSimulator.start({ port: 0 });
  server = await StateServer.start("gitlab");
});
afterEach(async () => {
  await simulator.stop();
  await server.stop();
});

/** A program of a checkout's own. */
function placeProgram(folder: string, name: string, script: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

/**
 * A checkout of the example in a fresh folder, with `npm ci` done. Its `npx` starts what is there without npm's own second of start-up, its
 * `cdktf synth` runs the app as cdktf does (which other tests run), and its `gh` writes the comment to comment.md.
 */
function checkout(): string {
  const folder = temporaryFolder();
  const main = join(ROOT, "dist/examples/pipelines/main.js");
  placeProgram(folder, "npx", 'exec "$@"');
  placeProgram(folder, "cdktf", `[ "$1" = synth ] && CDKTF_OUTDIR=cdktf.out exec "${process.execPath}" "${main}"`);
  placeProgram(folder, "cdktf-maas", `exec "${process.execPath}" "${join(ROOT, "dist/bin/cdktf-maas.js")}" "$@"`);
  placeProgram(folder, "gh", '[ "$1 $2 $3 $4" = "pr comment 7 --body-file" ] && cp "$5" comment.md');
  return folder;
}

/** Runs a step as both services do: by bash, which stops at the first command that fails. */
function shell(script: string, cwd: string, variables: Variables): Promise<Ended> {
  const PATH = `${join(cwd, "bin")}:${process.env.PATH ?? ""}`;
  const env = { PATH, HOME: cwd, CHECKPOINT_DISABLE: "1", CI: "true", ...variables };
  return new Promise((done) => {
    execFile("bash", ["-e", "-o", "pipefail", "-c", script], { cwd, env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

/** Somebody changes the region by hand. */
async function meddle(): Promise<void> {
  const api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  const v6 = ((await api.get("subnets/")) as readonly ObjectJson[]).find(({ cidr }) => cidr === "2001:db8:50::/64");
  await api.put(apiPath`subnets/${v6?.id as number}/`, [["gateway_ip", ""]]);
  await api.close();
}

/** Shows all output where the code is another one. */
function expectCode(code: number, ended: Ended | undefined): void {
  expect(`exit code ${ended?.code}${ended?.code === code ? "" : `\n${ended?.output}`}`).toBe(`exit code ${code}`);
}

const subnets = (): unknown[] => simulator.state.subnets.map(({ cidr }) => cidr);

const MADE = ["10.50.0.0/24", "2001:db8:50::/64"];

const PLAN = "plan.json";

/** The members of a GitHub workflow and of a GitLab file that the steps are run by. */
interface Workflow {
  readonly env: Variables;
  readonly jobs: Readonly<Record<string, { readonly if: string; readonly steps: readonly Step[] }>>;
}

interface GitlabJob {
  readonly stage: string;
  readonly script: readonly string[];
  readonly needs?: readonly string[];
  readonly artifacts?: { readonly paths?: readonly string[]; readonly reports: Variables };
}

test("the GitHub workflow plans on a pull request, applies exactly that plan, and fails at night on drift", async () => {
  const { env, jobs } = load(readFileSync(join(FOLDER, ".github/workflows/network.yml"), "utf8")) as Workflow;
  const context: Variables = {
    "vars.MAAS_API_URL": simulator.url,
    "secrets.MAAS_API_KEY": simulator.apiKey,
    "vars.TF_HTTP_ADDRESS": server.address,
    "vars.TF_HTTP_LOCK_ADDRESS": `${server.address}/lock`,
    "vars.TF_HTTP_USERNAME": USER,
    "secrets.TF_HTTP_PASSWORD": PASSWORD,
    "github.token": "token",
    "github.event.pull_request.number": "7",
  };
  const filled = (texts: Variables = {}): Variables =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, key: string) => {
          if (context[key] === undefined) throw new Error(`${key} has no value here`);
          return context[key];
        }),
      ]),
    );
  // The server of this test has GitLab's rules.
  const methods = { TF_HTTP_LOCK_METHOD: "POST", TF_HTTP_UNLOCK_METHOD: "DELETE" };
  const isMet = (condition: string | undefined, event: string): boolean => {
    const [, sign, wanted] = /^github\.event_name (==|!=) '(\w+)'$/.exec(condition ?? "") ?? [];
    return sign === undefined || (sign === "==") === (wanted === event);
  };
  /** Runs the jobs of an event, each in a checkout of its own; what is uploaded comes with the next one. */
  const play = async (event: string): Promise<Readonly<Record<string, Ended & { folder: string }>>> => {
    const ended: Record<string, Ended & { folder: string }> = {};
    let uploaded: string | undefined;
    for (const [name, { if: condition, steps }] of Object.entries(jobs)) {
      if (!isMet(condition, event)) continue;
      const folder = checkout();
      let job = { code: 0, output: "", folder };
      for (const step of steps) {
        if ((job.code !== 0 && step.if !== "always()") || !isMet(step.if, event)) continue;
        if (step.uses?.startsWith("actions/download-artifact")) copyFileSync(uploaded ?? "", join(folder, PLAN));
        if (step.uses?.startsWith("actions/upload-artifact")) uploaded = join(folder, step.with?.path ?? "");
        if (step.uses?.startsWith("github/codeql-action")) {
          const sarif = JSON.parse(readFileSync(join(folder, step.with?.sarif_file ?? ""), "utf8")) as {
            version: string;
          };
          expect(sarif.version).toBe("2.1.0");
        }
        if (step.run === undefined || step.run === "npm ci") continue;
        const { code, output } = await shell(step.run, folder, { ...methods, ...filled(env), ...filled(step.env) });
        job = { folder, code: job.code === 0 ? code : job.code, output: `${job.output}\n$ ${step.run}\n${output}` };
      }
      ended[name] = job;
    }
    return ended;
  };

  const proposed = await play("pull_request");
  expectCode(0, proposed.plan);
  expect(readFileSync(join(proposed.plan?.folder ?? "", "comment.md"), "utf8")).toMatch(
    /2001:db8:50::\/64[\s\S]*^```mermaid$[\s\S]*\["#43; added 2001:db8:50::\/64/m,
  );
  expect(subnets()).toEqual([]);

  const merged = await play("push");
  expectCode(0, merged.plan);
  expectCode(0, merged.apply);
  expect(merged.apply?.output).toContain("Done: ");
  expect(subnets()).toEqual(MADE);
  expect(server.lock).toBeUndefined();

  expectCode(0, (await play("schedule")).nightly);
  await meddle();
  const drifted = await play("schedule");
  expectCode(2, drifted.nightly);
  expect(drifted.nightly?.output).toContain("gateway_ip");
});

test("the GitLab file does the same, with notes, code quality and JUnit, and its record among the project's states", async () => {
  const file = load(readFileSync(join(FOLDER, ".gitlab-ci.yml"), "utf8")) as Record<string, GitlabJob | Variables>;
  const job = (name: string): GitlabJob => file[name] as GitlabJob;
  const api = server.address.replace(/\/terraform\/state\/.*/, "/api/v4");
  const predefined = {
    ...{ CI_API_V4_URL: api, CI_PROJECT_ID: "42", CI_JOB_TOKEN: PASSWORD, NOTE_TOKEN: "note-token" },
    ...{ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
  };
  const variables = Object.entries(file.variables as Variables).reduce<Record<string, string>>(
    (known, [name, text]) => ({
      ...known,
      [name]: text.replace(/\$\{(\w+)\}/g, (_, other: string) => known[other] ?? ""),
    }),
    predefined,
  );
  const play = async (name: string, more: Variables = {}, plan?: string): Promise<Ended & { folder: string }> => {
    const folder = checkout();
    if (plan !== undefined) copyFileSync(plan, join(folder, PLAN));
    return { folder, ...(await shell(job(name).script.join("\n"), folder, { ...variables, ...more })) };
  };

  const proposed = await play("plan", { CI_MERGE_REQUEST_IID: "7" });
  expectCode(0, proposed);
  expect(server.notes).toEqual([expect.stringMatching(/2001:db8:50::\/64[\s\S]*^```mermaid$/m)]);
  const { codequality = "", junit = "" } = job("plan").artifacts?.reports ?? {};
  const report = (path: string): string =>
    readFileSync(join(proposed.folder, path.replace("$STACK", variables.STACK ?? "")), "utf8");
  expect(JSON.parse(report(codequality))).toEqual(expect.any(Array));
  expect(report(junit)).toContain('failures="0"');

  const merged = await play("plan");
  expect([merged.code, server.notes.length]).toEqual([0, 1]);
  expect(job("apply").needs).toEqual(["plan"]);
  const plan = join(merged.folder, job("plan").artifacts?.paths?.[0] ?? "");
  expectCode(0, await play("apply", {}, plan));
  expect(subnets()).toEqual(MADE);
  expect(JSON.parse(server.state ?? "{}")).toMatchObject({ serial: 2 });
  // That plan, and no other: it is done.
  const again = await play("apply", {}, plan);
  expect([again.code, again.output]).toEqual([1, expect.stringContaining("the saved plan is stale")]);

  expectCode(0, await play("nightly"));
  await meddle();
  const drifted = await play("nightly");
  expectCode(2, drifted);
  expect(drifted.output).toContain("gateway_ip");
  // What the audit finds does not keep the drift from being seen.
  const failing = await play("nightly", { MAAS_RETRY_TIMEOUT: "soon" });
  expect([failing.code, failing.output.match(/^error: /gm)?.length]).toEqual([1, 2]);
});
