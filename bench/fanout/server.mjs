// The same server on Node's socket.io. Prints the port it listens on.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "socket.io";

const question = JSON.parse(readFileSync(new URL("question.json", import.meta.url), "utf8"));
const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  socket.on("join", (done) => {
    socket.join("hall");
    done();
  });
  socket.on("ask", (count) => {
    for (let number = 0; number < count; number += 1) {
      io.to("hall").emit("question", { ...question, no: number });
    }
  });
});

http.listen(0, "127.0.0.1", () => console.log(http.address().port));
