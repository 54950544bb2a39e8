import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentNetwork } from "../../lib/model/document/network";
import { readDocument } from "../../lib/model/document/read";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { pictureOf } from "../../src/graph/picture-of";
import { svg } from "../../src/graph/svg";
import { sourceFile } from "../../src/migrate/configuration";
import { migrate } from "../../src/migrate/migrate";
import { State } from "../../src/migrate/state";
import { readSavedPlan } from "../../src/reconcile/engine/plan/plan";
import { chooseSeed } from "../../src/simulator/seed/read";
import type { Seed } from "../../src/simulator/seed/notation";
import { MaasVersion } from "../../src/simulator/versions";
import { StateFile } from "../../src/simulator/seed/state-file";
import { LAB } from "../../test/export/lab/seed";
import { TAKEN, taken } from "./judge";
import { changedDocument, changedJson, changedText } from "./mutate";
import type { Json } from "./odd";
import { estates, labDocument } from "./samples";
import { pointerOr, reads, type Target, target } from "./target";

const POINTER = pointerOr("saved plan");

/** A document that was read goes on through the rules and a picture, as `graph` and synth take it. */
function judge(text: string): void {
  const network = documentNetwork(readDocument(text));
  const report = evaluate({ rules: IPV6_RULES, network, now: new Date("2026-11-26T00:00:00Z") });
  const crash = report.findings.find(({ id }) => id === "MAAS6-ENG-01");
  if (crash !== undefined) throw new Error(`a rule crashed: ${crash.what}`);
  svg(pictureOf(network, report, "lab"));
}

const VERSION = MaasVersion.parse("3.6");

const PROVIDER = { source: "cdktf-maas/maas", version: "1.0.0" };

function migrated(main: string, state: State): { readonly text: string; readonly notes: string } {
  const { files, notes } = migrate([sourceFile("main.tf", main)], { provider: PROVIDER, state });
  return {
    text: files.map(({ text }) => text).join(""),
    notes: notes.flatMap(({ sentences }) => sentences).join("\n"),
  };
}

/** What reads files. */
export async function fileTargets(): Promise<Target[]> {
  const document = await labDocument();
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const stateFile = join(folder, "state.json");
  const file = new StateFile(stateFile);
  file.save(chooseSeed(LAB, VERSION));
  file.flush();
  const dump = JSON.parse(readFileSync(stateFile, "utf8")) as Json;
  const plan = {
    ...{ format: "maas-plan", version: 1, region: "http://region.example:5240/MAAS", hash: "0".repeat(64) },
    request: { goal: "apply", document: JSON.stringify(document), recordName: "maas-network.record.json" },
  };
  const all = estates();
  const states = all.flatMap(({ state }) => (state === undefined ? [] : [state]));

  return [
    target<string>({
      name: "documents",
      place: POINTER,
      input: (random) => changedDocument(document, random),
      play: (text) => {
        judge(text);
        return TAKEN;
      },
    }),
    target<string>({
      name: "saved plans",
      place: POINTER,
      input: (random) => changedDocument(plan, random),
      play: reads((text) => readSavedPlan(text)),
    }),
    target<Json>({
      name: "seeds",
      input: (random) => changedJson(LAB as unknown as Json, random),
      play: reads((seed) => chooseSeed(seed as unknown as Seed, VERSION)),
    }),
    target<string>({
      name: "state files of the simulator",
      input: (random) => changedDocument(dump, random),
      play: reads((text) => {
        writeFileSync(stateFile, text);
        file.load();
      }),
      stop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    }),
    target<{ main: string; state: string }>({
      name: ".tf files and states for migrate",
      input: (random) => {
        const { main } = random.of(all);
        let text = main;
        for (let times = random.below(4); times > 0; times -= 1) text = changedText(text, random);
        return { main: text, state: changedDocument(random.of(states), random) };
      },
      place: /main\.tf:\d+:\d+|terraform\.tfstate/,
      play: ({ main, state: stored }) => {
        const state = State.parse("terraform.tfstate", stored);
        const { text, notes } = migrated(main, state);
        // What was rewritten is HCL, and is not rewritten again.
        const again = migrated(text, state).text;
        if (again !== text) throw new Error(`it is rewritten again, from\n${text}\nto\n${again}`);
        return taken(notes);
      },
    }),
  ];
}
