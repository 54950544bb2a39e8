import { coloursFor } from "../../../src/cli/output/terminal";

describe("styled", () => {
  const terminal = { isTTY: true };
  const file = {};

  test.each<[string, object, Record<string, string>, string[], boolean]>([
    ["a terminal", terminal, {}, [], true],
    ["a terminal that can't", terminal, { TERM: "dumb" }, [], false],
    ["a file", file, {}, [], false],
    ["a file in a pipeline", file, { CI: "1" }, [], false],
    ["a file with a capable TERM", file, { TERM: "xterm-256color", COLORTERM: "truecolor" }, [], false],
    ["a file, forced", file, { FORCE_COLOR: "1" }, [], true],
    ["a terminal, forced off", terminal, { FORCE_COLOR: "0" }, [], false],
    ["a terminal with NO_COLOR", terminal, { NO_COLOR: "1", FORCE_COLOR: "1" }, [], false],
    ["a terminal with an empty NO_COLOR", terminal, { NO_COLOR: "" }, [], true],
    ["a terminal with --no-color", terminal, { FORCE_COLOR: "1" }, ["--no-color"], false],
  ])("%s: colours as that stream takes them", (_title, stream, env, argv, isColoured) => {
    const { isColorSupported, red } = coloursFor(stream, { argv, env });
    expect(isColorSupported).toBe(isColoured);
    expect(red("x") === "x").toBe(!isColoured);
  });
});
