// Fails when lib/ can't be published for Python, Java, C# and Go.
import { jsiiAssembly } from "./library.mjs";

jsiiAssembly();
