// Of undici only what `src/maas/transport.ts` uses, and the tunnels of its own proxies (`connect`): its index brings fetch, WebSockets, caches
// and mocks along, which each start would read. The programs have these parts in place of undici, and so do the tests.
const Dispatcher = require("undici/lib/dispatcher/dispatcher.js");

Dispatcher.prototype.connect = require("undici/lib/api/api-connect.js");
Dispatcher.prototype.request = require("undici/lib/api/api-request.js");
module.exports = { EnvHttpProxyAgent: require("undici/lib/dispatcher/env-http-proxy-agent.js") };
