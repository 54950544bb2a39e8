import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { printable } from "../../lib/model/text";
import { html } from "../../src/graph/html";
import { svg } from "../../src/graph/svg";
import { hasChromium, launchChromium } from "../support/chromium";
import { temporaryFolder } from "../support/synth";
import { FAINT_TEXTS, overlapsAmong, TEXT_BOXES } from "../support/text-boxes";
import { hostileNames } from "../support/hostile-names";
import { hostilePicture } from "./hostile";
import { companyOf, documentOf, picture } from "./networks";

jest.setTimeout(120_000);

/** A page, with what it asked for and what went wrong in it. */
interface Opened {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly errors: readonly string[];
}

(hasChromium ? describe : describe.skip)("the picture in a real browser", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  async function open(text: string, width = 1400, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
    const file = join(temporaryFolder(), text.startsWith("<svg") ? "picture.svg" : "page.html");
    writeFileSync(file, text);
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    const [requests, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => (message.type() === "error" ? errors.push(message.text()) : undefined));
    await page.goto(pathToFileURL(file).href);
    return { page, requests, errors };
  }

  const company = async (vlans: number): Promise<Page> => (await open(html(picture(companyOf(vlans))))).page;

  /** The titles of the cards that are shown. */
  const shown = (page: Page, cards = "#fabrics .card"): Promise<string[]> =>
    page.locator(`${cards}:visible h3`).allInnerTexts();

  test.each([3, 40, 300])("no two texts of %i VLANs overlap, and none leaves the window or its card", async (vlans) => {
    const drawn = picture(companyOf(vlans));
    const narrow = vlans > 40 ? [] : [[html(drawn), 360] as const];
    for (const [text, width] of [...narrow, [html(drawn), 1400] as const, [svg(drawn), 1400] as const]) {
      const { page } = await open(text, width);
      const boxes = await page.evaluate<Parameters<typeof overlapsAmong>[0]>(TEXT_BOXES);
      expect(boxes.length).toBeGreaterThan(10 * vlans);
      expect(overlapsAmong(boxes).slice(0, 5)).toEqual([]);
      expect(boxes.filter(({ right }) => right > width)).toEqual([]);
      const outside = `[...document.querySelectorAll("g.card")].filter((card) =>
        card.getBoundingClientRect().right > card.querySelector("rect").getBoundingClientRect().right + 2).length`;
      expect(await page.evaluate(outside)).toBe(0);
      await page.close();
    }
  });

  test("every subnet and every finding is shown, and nothing is loaded", async () => {
    const { fabrics, findings } = picture(documentOf(40));
    const { page, requests, errors } = await open(html(picture(documentOf(40))));
    const cidrs = fabrics.flatMap((fabric) => fabric.vlans.flatMap(({ subnets }) => subnets.map(({ cidr }) => cidr)));
    expect(await page.locator("h4 .mono").allTextContents()).toEqual(cidrs);
    expect(findings.length).toBeGreaterThan(0);
    const listed = await page.locator("#findings li").allTextContents();
    expect(findings.filter(({ what }, index) => !(listed[index] ?? "").includes(what))).toEqual([]);
    expect(await page.locator("a.finding").count()).toBe(findings.length);
    expect([requests.length, errors]).toEqual([1, []]);
    await page.close();
  });

  test.each(["light", "dark"] as const)("texts stand out from what they stand on where it is %s", async (scheme) => {
    const { page } = await open(html(picture(companyOf(3))), 1400, scheme);
    expect(await page.evaluate<string[]>(FAINT_TEXTS)).toEqual([]);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
      scheme === "light" ? "rgb(243, 245, 248)" : "rgb(16, 20, 26)",
    );
    await page.close();
  });

  test("the filters leave the cards of a fabric, of VLANs, of a family, of a finding or with a text", async () => {
    const page = await company(40);
    await page.selectOption("[name=fabric]", { label: "fabric dc-1" });
    expect(await shown(page)).toHaveLength(20);
    await page.fill("[name=vlan]", "5-10, untagged, service 17");
    expect(await shown(page)).toEqual([
      "untagged",
      "VLAN 5 service 2 of the shop",
      "VLAN 10 service 3 of the shop",
      "VLAN 80 service 17 of the shop",
    ]);
    expect(await page.textContent("#shown")).toBe("4 of 40 VLANs");
    await page.selectOption("[name=family]", "6");
    expect(await page.locator("h4:visible").allInnerTexts()).toEqual([
      "2001:db8:1::/64 net 1",
      "2001:db8:2::/64 net 3",
      "2001:db8:3::/64 net 5",
      "2001:db8:11::/64 net 33",
    ]);
    await page.selectOption("[name=finding]", ".error");
    expect(await shown(page)).toEqual(["VLAN 5 service 2 of the shop"]);
    expect(await page.locator("#findings li:visible b").allInnerTexts()).toContain("✖ MAAS6-DUA-02 error");
    await page.click("button[type=reset]");
    await page.locator("#shown:empty").waitFor({ state: "attached" });
    expect(await shown(page)).toHaveLength(40);
    await page.fill("[name=find]", "10.0.7.0");
    expect(await shown(page)).toEqual(["VLAN 30 service 7 of the shop"]);
    expect(await shown(page, "#racks .card")).toEqual(["rack rack-a1.dc.example", "rack rack-a2.dc.example"]);
    await page.close();
  });

  test("a rack's chip shows the rack's other VLANs, for the mouse and for the keyboard", async () => {
    const page = await company(3);
    const lifted = (): Promise<string[]> => page.locator(".lifted h3").allInnerTexts();
    const wanted = ["untagged", "VLAN 10 service 3 of the shop", "rack rack-a2.dc.example"];
    await page.hover("a.chip.rack >> text=rack-a2.dc.example >> nth=0");
    expect(await lifted()).toEqual(wanted);
    await page.hover("h1");
    expect(await lifted()).toEqual([]);
    await page.focus("[type=reset]");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await lifted()).toEqual(wanted);
    await page.close();
  });

  test("a relay's chip leads to its VLAN, which is shown again where it was filtered away", async () => {
    const page = await company(3);
    await page.fill("[name=vlan]", "5");
    expect(await shown(page)).toEqual(["VLAN 5 service 2 of the shop"]);
    await page.focus("a.chip.relay");
    await page.keyboard.press("Enter");
    expect(await page.locator(".card:target:visible h3").allInnerTexts()).toEqual(["untagged"]);
    await page.close();
  });

  test("on paper there is no filter, and it is light", async () => {
    const { page } = await open(html(picture(companyOf(3))), 700, "dark");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#filters").isVisible()).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.querySelector('h3')).color")).toBe("rgb(27, 36, 48)");
    expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("light");
    expect(overlapsAmong(await page.evaluate(TEXT_BOXES))).toEqual([]);
    await page.close();
  });

  test("without scripts all cards are there, and no filter that does nothing", async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.setContent(html(picture(companyOf(3))));
    expect(await page.locator("#fabrics .card:visible").count()).toBe(3);
    expect(await page.locator("#filters").isVisible()).toBe(false);
    await page.close();
  });

  test("names with markup are shown as they are", async () => {
    const { page } = await open("<!doctype html>");
    for (const name of hostileNames) {
      const [markup, image] = [html(hostilePicture(name)), svg(hostilePicture(name))];
      const parsed = await page.evaluate(
        `[[${JSON.stringify(markup)}, "text/html"], [${JSON.stringify(image)}, "image/svg+xml"]].map(([text, type]) => {
          const parsed = new DOMParser().parseFromString(text, type);
          return [parsed.querySelector("parsererror")?.textContent, (parsed.querySelector("h1") ?? parsed.querySelector("title")).textContent];
        })`,
      );
      // What XML can't hold, and what would steer a terminal, is shown otherwise.
      const expected = printable(name).replace(/[\ufffe\uffff]|\p{Cs}/gu, "\ufffd");
      expect(parsed).toEqual([
        [undefined, expected],
        [undefined, expected],
      ]);
    }
    await page.close();
  });
});

test("the picture does not depend on the order of the objects", () => {
  const document = companyOf(12);
  const lists = Object.entries(document.objects).map(([kind, list]) => [kind, [...list].reverse()]);
  const [one, other] = [
    document,
    { ...document, objects: Object.fromEntries(lists.reverse()) as typeof document.objects },
  ];
  expect(html(picture(other))).toBe(html(picture(one)));
  expect(svg(picture(other))).toBe(svg(picture(one)));
});
