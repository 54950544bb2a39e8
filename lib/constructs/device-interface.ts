/** A network interface of a device. */
export interface DeviceInterface {
  /** MAC address. */
  readonly macAddress: string;
}
