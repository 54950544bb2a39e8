export { MaasSimulator, type SimulatorOptions } from "./simulator";
export { Faults, FaultError, type FaultInput, type FaultKind, type FaultRule, type FaultSettings } from "./faults";
export { type NewsByRack, type RackNews, RackNewsError, type ServiceStatus } from "./rack-news";
export { RequestLog, type LoggedRequest } from "./request-log";
export { SeedError } from "./seed-error";
export type { Seed } from "./seed-input";
export { StateFileError } from "./state-file";
export type { InterfaceState, RangeState, RegionState, SubnetState, VlanKey, VlanState } from "./state";
