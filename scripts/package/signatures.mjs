// Signatures of executables. What is put into one breaks the signature that it has: Windows warns of a broken one, and Macs
// of today start no program without one.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/**
 * An executable of Windows without its signature, which nobody but its maker can renew.
 *
 * @see Microsoft's "PE Format": optional header, data directory 4, the only one whose address is a place in the file
 */
export function withoutWindowsSignature(executable) {
  const directories = executable.readUInt32LE(0x3c) + 24 + 112;
  const entry = directories + 4 * 8;
  const [start, size] = [executable.readUInt32LE(entry), executable.readUInt32LE(entry + 4)];
  if (size === 0) return executable;
  if (start + size !== executable.length) throw new Error("The signature is not at the end of the executable.");
  const unsigned = Buffer.from(executable.subarray(0, start));
  unsigned.fill(0, entry, entry + 8);
  return unsigned;
}

/** Mach-O, 64 bits, little-endian. @see <mach-o/loader.h> */
const MACHO = { magic: 0xfeedfacf, segment: 0x19, codeSignature: 0x1d };

/** @see Apple's xnu, osfmk/kern/cs_blobs.h */
const SIGNATURE = { embedded: 0xfade0cc0, directory: 0xfade0c02, version: 0x20400, adHocByLinker: 0x20002 };
const DIRECTORY_BYTES = 88;
const PAGE_BITS = 12;

const aligned = (value, to) => Math.ceil(value / to) * to;

/** The load commands of a program: kind, and where it is. */
function loadCommands(program) {
  if (program.readUInt32LE(0) !== MACHO.magic) throw new Error("This is no program for a Mac.");
  const commands = [];
  let at = 32;
  for (let left = program.readUInt32LE(16); left > 0; left--) {
    commands.push({ kind: program.readUInt32LE(at), at });
    at += program.readUInt32LE(at + 4);
  }
  return { commands, end: at };
}

/** A code directory and what holds it: the hashes of all pages of the program. */
function signatureOf(program, identifier, text) {
  const pages = Math.ceil(program.length / 2 ** PAGE_BITS);
  const name = Buffer.from(`${identifier}\0`);
  const hashes = DIRECTORY_BYTES + name.length;
  const length = hashes + pages * 32;
  const directory = Buffer.alloc(length);
  const words = [
    ...[SIGNATURE.directory, length, SIGNATURE.version, SIGNATURE.adHocByLinker],
    ...[hashes, DIRECTORY_BYTES, 0, pages, program.length],
  ];
  words.forEach((word, index) => directory.writeUInt32BE(word, index * 4));
  directory.set([32, 2, 0, PAGE_BITS], 36); // SHA-256
  directory.writeBigUInt64BE(BigInt(text.start), 64);
  directory.writeBigUInt64BE(BigInt(text.size), 72);
  directory.writeBigUInt64BE(1n, 80); // a main program
  name.copy(directory, DIRECTORY_BYTES);
  for (let page = 0; page < pages; page++) {
    const content = program.subarray(page << PAGE_BITS, (page + 1) << PAGE_BITS);
    createHash("sha256")
      .update(content)
      .digest()
      .copy(directory, hashes + page * 32);
  }
  const head = Buffer.alloc(20);
  [SIGNATURE.embedded, 20 + length, 1, 0, 20].forEach((word, index) => head.writeUInt32BE(word, index * 4));
  return Buffer.concat([head, directory]);
}

/**
 * A program for Macs with an ad-hoc signature, as linkers give it: it says that the program is whole, and not whose it is.
 *
 * @param program without a signature
 * @see Go's cmd/internal/codesign, which signs the programs that Go builds in the same way
 */
export function withAdHocSignature(program, identifier) {
  const { commands, end } = loadCommands(program);
  if (commands.some(({ kind }) => kind === MACHO.codeSignature)) throw new Error("The program has a signature.");
  if (program.subarray(end, end + 16).some((byte) => byte !== 0)) throw new Error("There is no room for a command.");
  const segments = commands.filter(({ kind }) => kind === MACHO.segment);
  const segment = (name) => segments.find(({ at }) => program.toString("latin1", at + 8, at + 24).startsWith(name));
  const [text, linkEdit] = [segment("__TEXT\0").at, segment("__LINKEDIT\0").at];

  const start = aligned(program.length, 16);
  const signed = Buffer.concat([program, Buffer.alloc(start - program.length)]);
  const textSegment = {
    start: Number(signed.readBigUInt64LE(text + 40)),
    size: Number(signed.readBigUInt64LE(text + 48)),
  };
  const size = signatureOf(signed, identifier, textSegment).length;
  const linkEditSize = start + size - Number(signed.readBigUInt64LE(linkEdit + 40));
  signed.writeBigUInt64LE(BigInt(aligned(linkEditSize, 0x4000)), linkEdit + 32);
  signed.writeBigUInt64LE(BigInt(linkEditSize), linkEdit + 48);
  signed.writeUInt32LE(signed.readUInt32LE(16) + 1, 16);
  signed.writeUInt32LE(signed.readUInt32LE(20) + 16, 20);
  [MACHO.codeSignature, 16, start, size].forEach((word, index) => signed.writeUInt32LE(word, end + index * 4));
  return Buffer.concat([signed, signatureOf(signed, identifier, textSegment)]);
}
