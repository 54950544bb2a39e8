/** How `--record` names a record behind Terraform's HTTP backend, whose address is in TF_HTTP_ADDRESS. */
export const HTTP_RECORD = "http";

/** How `--record` names no record at all. */
export const NO_RECORD_NAME = "none";

/** Whether a record of this name is behind Terraform's HTTP backend. */
export const isHttpRecord = (name: string): boolean => name === HTTP_RECORD || /^https?:\/\//.test(name);

/** Whether a record may have this name. */
export function isRecordName(name: string): boolean {
  // What looks like a URL and is none is no file either: it may hold a password.
  const isOtherUrl = /^[a-z][a-z\d+.-]+:\//i.test(name) && !isHttpRecord(name);
  return name !== "" && !/^env:(?!\w+$)/.test(name) && !isOtherUrl;
}

/** The environment variable that a name means; undefined for other names. */
export const variableOf = (name: string): string | undefined => /^env:(\w+)$/.exec(name)?.[1];
