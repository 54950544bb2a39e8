// Generates src/provider/protocol/*_pb.ts from the .proto files next to them, off-line.
// With --check it changes nothing, and fails when the committed files aren't what the .proto files give.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const protocol = join(root, "src/provider/protocol");
const binaries = join(root, "node_modules/.bin");

const generated = (folder) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith("_pb.ts"))
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );

const generateInto = (folder) =>
  execFileSync(join(binaries, "buf"), ["generate", "--output", folder], {
    cwd: protocol,
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` },
    stdio: "inherit",
  });

if (process.argv.includes("--check")) {
  const fresh = mkdtempSync(join(tmpdir(), "protocol-"));
  try {
    generateInto(fresh);
    if (JSON.stringify(generated(fresh)) !== JSON.stringify(generated(protocol))) {
      console.error(
        "src/provider/protocol/*_pb.ts are not what the .proto files give: run `node scripts/generate-protocol.mjs`.",
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(fresh, { recursive: true });
  }
} else {
  generateInto(protocol);
}
