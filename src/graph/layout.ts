import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import { type Card, rackCard, vlanCard } from "./card";
import type { FabricPicture, LinkPicture, Picture } from "./picture";

/** A card at its place. Pixels, from the picture's upper left corner. */
export interface PlacedCard {
  readonly x: number;
  readonly y: number;
  readonly card: Card;
}

/** A fabric around its VLANs. */
export interface PlacedFabric {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fabric: FabricPicture;
}

/** A line along its corners. */
export interface PlacedLink {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly link: LinkPicture;
}

/** A picture in which everything has its place. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly picture: Picture;
  readonly cards: readonly PlacedCard[];
  readonly fabrics: readonly PlacedFabric[];
  readonly links: readonly PlacedLink[];
}

/** VLANs and racks up to which lines can be followed; above, the cards name what they are connected to. */
const MOST_WITH_LINES = 12;

const FABRIC_PADDING = "[top=44,left=16,bottom=16,right=16]";

/** In columns, from the racks to what they serve. */
const COLUMNS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.spacing.nodeNode": "24",
  "elk.layered.spacing.nodeNodeBetweenLayers": "150",
  "elk.spacing.edgeNode": "20",
};

/** As a sheet of about the proportions of a screen. */
const SHEET = {
  "elk.algorithm": "rectpacking",
  "elk.aspectRatio": "1.6",
  "elk.spacing.nodeNode": "20",
  "elk.contentAlignment": "V_TOP H_LEFT",
};

const nodeOf = ({ id, width, height }: Card): ElkNode => ({
  ...{ id, width, height },
  layoutOptions: { "elk.alignment": "LEFT" },
});

function graphOf({ fabrics, racks, links }: Picture): { graph: ElkNode; cards: Map<string, Card> } {
  const vlans = fabrics.flatMap((fabric) => fabric.vlans.map((vlan) => [vlan.id, vlanCard(vlan)] as const));
  const cards = new Map([...racks.map((rack) => [rack.id, rackCard(rack)] as const), ...vlans]);
  const hasLines = vlans.length + racks.length <= MOST_WITH_LINES;
  const options: Record<string, string> = hasLines ? COLUMNS : SHEET;
  const inner: Record<string, string> = hasLines ? {} : SHEET;
  const nodes = (ids: readonly { readonly id: string }[]): ElkNode[] =>
    ids.flatMap(({ id }) => {
      const card = cards.get(id);
      return card === undefined ? [] : [nodeOf(card)];
    });
  const groups = fabrics.map(({ id, label, vlans: members }): ElkNode => {
    const least = `(${Math.max(180, label.length * 9 + 40)},60)`;
    const size = { "elk.nodeSize.constraints": "MINIMUM_SIZE", "elk.nodeSize.minimum": least };
    const children = nodes(members);
    const layoutOptions = { ...inner, ...size, "elk.padding": FABRIC_PADDING };
    return children.length > 0 ? { id, children, layoutOptions } : { id, width: 220, height: 60 };
  });
  const edges = links.map(({ from, to }, index): ElkExtendedEdge => ({
    id: `${index}`,
    sources: [from],
    targets: [to],
  }));
  const children = [...nodes(racks), ...groups];
  return { graph: { id: "root", layoutOptions: options, children, edges: hasLines ? edges : [] }, cards };
}

/** Finds a place for everything. Loads the layout library only now: it is large. */
export async function layOut(picture: Picture): Promise<Scene> {
  const { default: Elk } = await import("elkjs/lib/elk.bundled.js");
  const { graph, cards } = graphOf(picture);
  const root = await new Elk.default().layout(graph);
  const placed: PlacedCard[] = [];
  const fabrics: PlacedFabric[] = [];
  const corners = new Map<string, { x: number; y: number }>([["root", { x: 0, y: 0 }]]);
  const place = (node: ElkNode, parent: { x: number; y: number }): void => {
    const { id, width = 0, height = 0, children = [] } = node;
    const at = { x: parent.x + (node.x ?? 0), y: parent.y + (node.y ?? 0) };
    corners.set(id, at);
    const card = cards.get(id);
    const fabric = picture.fabrics.find((candidate) => candidate.id === id);
    if (card !== undefined) placed.push({ ...at, card });
    if (fabric !== undefined) fabrics.push({ ...at, width, height, fabric });
    for (const child of children) place(child, at);
  };
  for (const child of root.children ?? []) place(child, { x: 0, y: 0 });
  const links = (root.edges ?? []).flatMap((edge): PlacedLink[] => {
    const link = picture.links[Number(edge.id)];
    const [section] = edge.sections ?? [];
    if (link === undefined || section === undefined) return [];
    // A line's corners count from the innermost box that holds both its ends.
    const { x, y } = corners.get((edge as { container?: string }).container ?? "root") ?? { x: 0, y: 0 };
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    return [{ link, points: points.map((point) => ({ x: point.x + x, y: point.y + y })) }];
  });
  return { width: root.width ?? 0, height: root.height ?? 0, picture, cards: placed, fabrics, links };
}
