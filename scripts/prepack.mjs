// What `npm pack` needs beside a build: the types of the simulator, and jsii's assembly at the package's root.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildTypes } from "./build-types.mjs";
import { compiledLibrary } from "./library.mjs";

buildTypes();
copyFileSync(join(compiledLibrary(), ".jsii"), join(fileURLToPath(new URL("..", import.meta.url)), ".jsii"));
