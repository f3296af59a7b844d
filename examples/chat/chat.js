// A small chat program. The same file runs in the page chat.html and on "weir run chat.js";
// ChatEvents.java and ChatStream.java are the same program in Java. The server is ChatServer.java.
//
// In a page: ?name=… and ?server=… say who joins what. On "weir run" --base-url gives them.

const page = globalThis.document;
const settings = new URLSearchParams(globalThis.location?.search ?? "");
const name = settings.get("name") ?? "Robin";
const server =
  settings.get("server") ?? `ws://${globalThis.location?.hostname || "127.0.0.1"}:8090/chat`;

function show(line) {
  if (page) {
    page.querySelector("output").append(line + "\n");
  } else {
    console.log(line);
  }
}

const socket = new WebSocket(server);

socket.onopen = () => {
  socket.send(name); // the first message is the name; each further one is a line
  if (!page) {
    socket.send("hello");
    socket.send("bye");
  }
};

socket.onmessage = (event) => {
  show(event.data);
  if (event.data === `${name}: bye`) {
    socket.close(1000, "that was all");
  }
};

socket.onerror = () => show("failed");

socket.onclose = (event) => show(`closed: ${event.code} ${event.reason}`);

if (page) {
  // In a page somebody types the lines; "bye" leaves.
  page.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = page.querySelector("input");
    socket.send(input.value);
    input.value = "";
  });
}
