// A test with a region that does not answer waits no longer than it must; programs that a test starts inherit it.
process.env.MAAS_RETRY_TIMEOUT ??= "6";
