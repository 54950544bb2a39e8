// What a built program begins with, so that a Node that is missing or too old is named before its JavaScript is read.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [, version] = /^>=(\d+\.\d+\.\d+)$/.exec(engines.node);
const [major, minor, patch] = version.split(".");

/** JavaScript of any age: whether the Node that runs it is new enough. */
const IS_NEW_ENOUGH =
  `(function(v){return +v[0]>${major}||+v[0]===${major}&&(+v[1]>${minor}||+v[1]===${minor}&&parseInt(v[2],10)>=${patch})})` +
  `(process.versions.node.split("."))`;

/** For a program that users start. esbuild's target keeps the rest readable for every Node back to 14.6. */
export const PROGRAM_HEAD = [
  "#!/usr/bin/env node",
  `"use strict";if(!${IS_NEW_ENOUGH}){process.stderr.write("error: cdktf-maas needs Node.js ${version} or later, and this is "+process.version+" ("+process.execPath+"). Install a newer one (https://nodejs.org), or put it first on the PATH.\\n");process.exit(1)}`,
].join("\n");

const WHO = "cdktf-maas: the Terraform provider for MAAS runs on Node.js";
const WHERE = "Install it where Terraform runs, and put it on the PATH that Terraform is started with.";

/** Terraform shows the first line that a plugin prints, and hides what it writes to stderr. */
const REFUSE = `console.log(m);console.error(m);process.exitCode=1`;

const CHECK =
  `if(${IS_NEW_ENOUGH})require(require("path").resolve(process.argv[1]));` +
  `else{var m="${WHO} ${version} or later, and node on the PATH is "+process.version+" ("+process.execPath+"). ${WHERE}";${REFUSE}}`;

/**
 * For the plugin, which Terraform starts as it is: a shell script, and JavaScript of which each line of the head is a
 * string and a comment. Node runs the check alone, and reads the rest only after it.
 */
export const PLUGIN_HEAD = [
  "#!/bin/sh",
  `":" //;command -v node >/dev/null 2>&1||{ m='${WHO} ${version} or later, and there is no node on the PATH. ${WHERE}';echo "$m";echo "$m" >&2;exit 1;}`,
  `":" //;exec node -e '${CHECK}' "$0" "$@"`,
].join("\n");
