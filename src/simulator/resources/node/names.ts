import type { Store } from "../../model/store";
import { randomNumbers } from "../../text/random";

const ID_LETTERS = "34678abcdefghkmnpqrstwxy";

/** Looks random as MAAS's ids do, and is the same whenever the same seed is loaded. */
export function newSystemId(store: Store): string {
  const random = randomNumbers(store.nodes.highestId + 1);
  const letter = () => ID_LETTERS[Math.floor(random() * ID_LETTERS.length)];
  for (;;) {
    const systemId = Array.from({ length: 6 }, letter).join("");
    if (!store.nodes.hasBy("system_id", systemId)) return systemId;
  }
}

const ADJECTIVES = ["able", "brave", "calm", "eager", "fair", "kind", "proud", "quick", "sharp", "warm"];
const NOUNS = ["badger", "cougar", "falcon", "heron", "lemur", "marten", "otter", "raven", "stork", "weasel"];

/** The hostname of a node that is given none: two words, as MAAS's are. */
export function randomHostname(store: Store): string {
  const random = randomNumbers(store.nodes.highestId + 1);
  const word = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? "";
  for (let number = 1; ; number++) {
    const hostname = `${word(ADJECTIVES)}-${word(NOUNS)}${number > 10 ? number : ""}`;
    if (store.nodes.all().every((node) => node.hostname !== hostname)) return hostname;
  }
}
