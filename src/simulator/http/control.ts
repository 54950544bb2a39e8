import type { FastifyInstance, FastifyRequest } from "fastify";
import { RackNewsError, readRackNews } from "../resources/node/racks";
import { FaultError, type FaultInput } from "./faults";
import type { Service } from "./service";

const bodyOf = ({ body }: FastifyRequest): string => (body instanceof Buffer ? body.toString() : "");

/** The simulator's own endpoints, outside of MAAS's paths. They need no key. */
export function addControl(app: FastifyInstance, service: Service): void {
  app.post("/_simulator/reset", () => {
    service.reset();
    return { reset: true };
  });
  app.post("/_simulator/report", (request, reply) => {
    try {
      service.reportRacks(readRackNews(JSON.parse(bodyOf(request) || "{}")));
      return { reported: true };
    } catch (error) {
      if (!(error instanceof RackNewsError) && !(error instanceof SyntaxError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
  });
  app.get("/_simulator/log", () => service.log.all());
  app.delete("/_simulator/log", (_request, reply) => {
    service.log.clear();
    return reply.code(204).send();
  });
  app.get("/_simulator/faults", () => service.faults.settings);
  app.put("/_simulator/faults", (request, reply) => {
    try {
      service.faults.set(JSON.parse(bodyOf(request)) as FaultInput);
      return service.faults.settings;
    } catch (error) {
      if (!(error instanceof FaultError) && !(error instanceof SyntaxError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
  });
  app.delete("/_simulator/faults", (_request, reply) => {
    service.faults.clear();
    return reply.code(204).send();
  });
}
