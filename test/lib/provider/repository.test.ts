import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderInRepository } from "../../../lib/provider/repository";

const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-repository-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a folder is named from the root of its repository, of a worktree too, and outside of any it has no name", () => {
  mkdirSync(join(folder, "clone/.git"), { recursive: true });
  mkdirSync(join(folder, "clone/infra/network"), { recursive: true });
  mkdirSync(join(folder, "worktree/infra"), { recursive: true });
  writeFileSync(join(folder, "worktree/.git"), "gitdir: elsewhere\n");
  expect(
    ["clone", "clone/infra/network", "worktree/infra", "."].map((name) => folderInRepository(join(folder, name))),
  ).toEqual([...["", "infra/network", "infra", ""]]);
});
