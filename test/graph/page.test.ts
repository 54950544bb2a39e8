import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { html } from "../../src/graph/html";
import { layOut } from "../../src/graph/layout";
import { hasChromium, launchChromium } from "../support/chromium";
import { temporaryFolder } from "../support/synth";
import { picture } from "./networks";

jest.setTimeout(120_000);

/** What a browser shows of a page. */
interface Shown {
  readonly page: Page;
  readonly texts: readonly string[];
  readonly requests: readonly string[];
  readonly errors: readonly string[];
}

/** Where a card is on the page, and how far to the right its content goes. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly text: number;
}

/** Runs in the browser, whose types this project does not have. */
const BOXES = `[...document.querySelectorAll("g.card")].map((card) => {
  const { left, right, top, bottom } = card.querySelector("rect").getBoundingClientRect();
  return { left, right, top, bottom, text: card.getBoundingClientRect().right };
})`;

(hasChromium ? describe : describe.skip)("the page in a real browser", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  async function open(vlans: number, colorScheme: "light" | "dark" = "light"): Promise<Shown> {
    const file = join(temporaryFolder(), "page.html");
    writeFileSync(file, html(await layOut(picture(vlans))));
    const page = await browser.newPage({ colorScheme });
    const [requests, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => (message.type() === "error" ? errors.push(message.text()) : undefined));
    await page.goto(pathToFileURL(file).href);
    return { page, texts: await page.locator("svg text").allTextContents(), requests, errors };
  }

  test.each([1, 2, 150])("shows every subnet and every finding of %i VLANs, and loads nothing", async (vlans) => {
    const { page, texts, requests, errors } = await open(vlans);
    const { fabrics, findings } = picture(vlans);
    const cidrs = fabrics.flatMap((fabric) => fabric.vlans.flatMap(({ subnets }) => subnets.map(({ cidr }) => cidr)));
    expect(cidrs).toHaveLength(2 * vlans);
    expect(cidrs.filter((cidr) => !texts.includes(cidr))).toEqual([]);
    expect(findings.length).toBeGreaterThan(0);
    const listed = await page.locator("li").allTextContents();
    expect(listed).toHaveLength(findings.length);
    expect(findings.filter(({ what }) => !listed.some((text) => text.includes(what)))).toEqual([]);
    expect(texts.filter((text) => text.startsWith("●"))).toHaveLength(findings.length);
    expect([requests.filter((url) => !url.startsWith("file:")), requests.length, errors]).toEqual([[], 1, []]);
    await page.close();
  });

  test.each([2, 150])("lets no two cards of %i VLANs overlap, and no text leave its card", async (vlans) => {
    const { page } = await open(vlans);
    const boxes = await page.evaluate<Box[]>(BOXES);
    const overlaps = boxes.filter((a, index) =>
      boxes.slice(index + 1).some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
    );
    expect(boxes.length).toBe(vlans + 1);
    expect([overlaps, boxes.filter(({ right, text }) => text > right + 1)]).toEqual([[], []]);
    await page.close();
  });

  test("is dark where the system is", async () => {
    const background = async (scheme: "light" | "dark"): Promise<string> => {
      const { page } = await open(1, scheme);
      return page.evaluate("getComputedStyle(document.body).backgroundColor");
    };
    expect([await background("light"), await background("dark")]).toEqual(["rgb(255, 255, 255)", "rgb(18, 22, 28)"]);
  });

  test("dims what does not hold the text that is looked for", async () => {
    const { page } = await open(3);
    await page.fill("#find", "10.0.2.0");
    expect(await page.locator("g.card:not(.dim)").allTextContents()).toEqual([expect.stringContaining("10.0.2.0/24")]);
    await page.close();
  });
});
