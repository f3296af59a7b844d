const output = document.querySelector("#output");

function writeToScreen(message) {
  output.insertAdjacentHTML("beforeend", `<p>${message}</p>`);
}

if ("WebSocketStream" in self) {
  const wsURL = "ws://127.0.0.1/";
  const wss = new WebSocketStream(wsURL);

  console.log(wss.url);

  async function start() {
    const { readable, writable } = await wss.opened;
    writeToScreen("CONNECTED");
    const reader = readable.getReader();
    const writer = writable.getWriter();

    await writer.write("ping");
    writeToScreen("SENT: ping");

    while (true) {
      const { value, done } = await reader.read();
      writeToScreen(`RECEIVED: ${value}`);
      if (done) {
        break;
      }

      setTimeout(async () => {
        await writer.write("ping");
        writeToScreen("SENT: ping");
      }, 5000);
    }
  }

  start();

  wss.closed.then((result) => {
    writeToScreen(
      `DISCONNECTED: code ${result.closeCode}, message "${result.reason}"`,
    );
    console.error("Socket closed", result.closeCode, result.reason);
  });
} else {
  writeToScreen("Your browser does not support WebSocketStream");
}
