import { mermaid } from "../../src/graph/mermaid";
import { documentOf, picture } from "./networks";

test("the flowchart has every subnet with its ranges and findings, and the rack that serves it", () => {
  const text = mermaid(picture(documentOf(2)));
  expect(text).toContain("flowchart LR");
  expect(text).toContain("10.0.1.0/24<br/>no gateway<br/>dynamic 10.0.1.100 - 10.0.1.199: 100 of 256 (39%)");
  expect(text).toMatch(/2001:db8:2::\/64.*✖ MAAS6-DUA-02.*:::error/);
  expect(text).toMatch(/n\d+ -->\|"eth0\.1, DHCP"\| n\d+/);
});

test("the same network gives the same text", () => {
  expect(mermaid(picture(documentOf(20)))).toBe(mermaid(picture(documentOf(20))));
});

test("every box that is opened is closed", () => {
  const lines = mermaid(picture(documentOf(5))).split("\n");
  const count = (start: string): number => lines.filter((line) => line.trim().startsWith(start)).length;
  expect(count("subgraph")).toBe(6);
  expect(count("end")).toBe(6);
});

test("quotes, brackets and tags in a label neither end it nor become HTML", () => {
  const [fabric] = picture(documentOf(1)).fabrics;
  const named = { ...picture(documentOf(1)), fabrics: [{ ...fabric!, label: 'fabric "a]" <b>;' }] };
  const line = mermaid(named)
    .split("\n")
    .find((text) => text.includes("subgraph"));
  expect(line).toMatch(/^ {2}subgraph \w+\["fabric #34;a\]#34; #60;b#62;#59;"\]$/);
});
