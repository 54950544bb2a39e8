export { MaasSimulator, type SimulatorOptions } from "./simulator";
export { Faults, FaultError, type FaultInput, type FaultKind, type FaultRule, type FaultSettings } from "./http/faults";
export { type NewsByRack, type RackNews, RackNewsError, type ServiceStatus } from "./resources/node/racks";
export { RequestLog, type LoggedRequest } from "./http/logs";
export { SeedError } from "./model/errors";
export type { Seed } from "./seed/notation";
export { StateFileError } from "./seed/state-file";
export type { InterfaceState, RangeState, RegionState, SubnetState, VlanKey, VlanState } from "./seed/state";
