import { endWithParent, run } from "./program";
import { wholeProgram } from "./whole-program";

endWithParent();
void run(wholeProgram());
