import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { ROOT } from "./support/project";

/** A program for Macs with two segments and no signature, of the length of a bit more than three pages. */
function program(): Buffer {
  const content = Buffer.alloc(3 * 4096 + 100, "code");
  content.fill(0, 0, 1024);
  [0xfeedfacf, 0x0100000c, 0, 2, 2, 144].forEach((word, index) => content.writeUInt32LE(word, index * 4));
  ["__TEXT", "__LINKEDIT"].forEach((name, index) => {
    const at = 32 + index * 72;
    content.writeUInt32LE(0x19, at);
    content.writeUInt32LE(72, at + 4);
    content.write(name, at + 8);
    content.writeBigUInt64LE(BigInt(index * 8192), at + 40);
    content.writeBigUInt64LE(BigInt(index === 0 ? 8192 : content.length - 8192), at + 48);
  });
  return content;
}

function sign(content: Buffer): Buffer {
  const script = `
    const { withAdHocSignature } = await import("./scripts/package/signatures.mjs");
    const chunks = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    process.stdout.write(withAdHocSignature(Buffer.concat(chunks), "plugin"));`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: ROOT,
    input: content,
    stdio: "pipe",
  });
}

test("a program for Macs gets a signature with the hash of each of its pages, within its last segment", () => {
  const signed = sign(program());
  // The command that was added, behind the two segments.
  const [kind, size, start, length] = [0, 4, 8, 12].map((offset) => signed.readUInt32LE(176 + offset)) as [
    number,
    number,
    number,
    number,
  ];
  expect([kind, size, start % 16, start + length]).toEqual([0x1d, 16, 0, signed.length]);
  expect([signed.readUInt32LE(16), signed.readUInt32LE(20)]).toEqual([3, 160]);
  expect(8192n + signed.readBigUInt64LE(32 + 72 + 48)).toBe(BigInt(signed.length));

  const directory = start + signed.readUInt32BE(start + 16);
  expect([signed.readUInt32BE(start), signed.readUInt32BE(start + 4)]).toEqual([0xfade0cc0, length]);
  const word = (index: number): number => signed.readUInt32BE(directory + index * 4);
  expect([word(0), word(3), word(8)]).toEqual([0xfade0c02, 0x20002, start]);
  expect(signed.toString("latin1", directory + word(5), directory + word(4))).toBe("plugin\0");
  expect(word(7)).toBe(4);
  for (let page = 0; page < word(7); page++) {
    const content = signed.subarray(page * 4096, Math.min((page + 1) * 4096, start));
    const at = directory + word(4) + page * 32;
    expect(signed.toString("hex", at, at + 32)).toBe(createHash("sha256").update(content).digest("hex"));
  }
});

test("a program that has a signature, and what is no program, are refused", () => {
  expect(() => sign(sign(program()))).toThrow("has a signature");
  expect(() => sign(Buffer.alloc(4096))).toThrow("no program for a Mac");
});
