import { App } from "cdktf";
import { SiteNetwork } from "./stack";

const apiUrl = process.env.MAAS_API_URL ?? "http://127.0.0.1:5240/MAAS";

const app = new App();
new SiteNetwork(app, "berlin", { apiUrl, site: 11, rack: "rack1", nic: "eth1" });
new SiteNetwork(app, "lisbon", { apiUrl, site: 12, rack: "rack2", nic: "eth1" });
app.synth();
