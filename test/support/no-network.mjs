// Preloaded into the command line: whoever reaches for a network, or for a name in it, ends the process.
import dns from "node:dns";
import net from "node:net";

function refuse() {
  process.stderr.write("a network was asked for\n");
  process.exit(99);
}

net.Socket.prototype.connect = refuse;
net.Server.prototype.listen = refuse;
for (const name of ["lookup", "resolve"]) dns[name] = refuse;
