/** A text as a browser draws it: a rectangle of each line, in pixels of the window. */
interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Runs in the browser, whose types this project does not have: the {@link TextBox} of each line of text that is drawn. */
export const TEXT_BOXES = `(() => {
  const walker = document.createTreeWalker(document.body ?? document.documentElement, NodeFilter.SHOW_TEXT);
  const boxes = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.data.trim() === "" || /^(title|desc|style|script|option)$/.test(node.parentElement.localName)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom, width } of range.getClientRects())
      if (width > 0) boxes.push({ text: node.data, left, right, top, bottom });
  }
  return boxes;
})()`;

/** Half of what two rectangles may have in common: that of a line's leading. */
const SLACK = 1;

/** The pairs of texts of which one covers a part of the other. */
export function overlapsAmong(boxes: readonly TextBox[]): (readonly [string, string])[] {
  const sorted = [...boxes].sort((a, b) => a.top - b.top);
  return sorted.flatMap((a, index) => {
    const found: (readonly [string, string])[] = [];
    for (let next = index + 1; next < sorted.length; next += 1) {
      const b = sorted[next];
      if (b === undefined || b.top >= a.bottom - SLACK) break;
      if (a.left < b.right - SLACK && b.left < a.right - SLACK) found.push([a.text, b.text]);
    }
    return found;
  });
}

/** Runs in the browser: the texts whose contrast to what they stand on is below 4.5 (WCAG AA), as `text 3.9`. */
export const FAINT_TEXTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => channels(colour).slice(0, 3).map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const groundOf = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return (channels(backgroundColor)[3] ?? 1) > 0 ? backgroundColor : groundOf(element.parentElement);
  };
  return [...document.querySelectorAll("body *")].filter((element) => !/^(script|option|title|svg|rect)$/.test(element.localName)).flatMap((element) => {
    const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()).join("");
    if (text === "") return [];
    const [light, dark] = [getComputedStyle(element).color, groundOf(element)].map(luminance).sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    return contrast < 4.5 ? [text + " " + contrast.toFixed(1)] : [];
  });
})()`;
