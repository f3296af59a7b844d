// permessage-deflate of the package ws, with options of its own for each connection.
//
//   deflate.mjs serve
// prints {"port":N}, sends every message back, and ends with its standard input. The path of a URL
// is the options of that connection's server, as JSON in a URI component.
//
//   deflate.mjs connect URL [OPTIONS, ...]
// connects once with each of the options, sends messages, and prints one line of JSON for each:
// {"extensions":"as the server answered","error":null or what went wrong}

import assert from 'node:assert';
import http from 'node:http';
import WebSocket, { WebSocketServer } from 'ws';

const [mode, url, optionsText] = process.argv.slice(2);
const complete = (options) => ({ threshold: 0, ...options });

function serve() {
  const server = http.createServer();
  server.on('upgrade', (request, socket, head) => {
    const options = JSON.parse(decodeURIComponent(request.url.slice(1)));
    const once = new WebSocketServer({
      noServer: true,
      maxPayload: 128 * 1024 * 1024,
      perMessageDeflate: complete(options),
    });
    once.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => {});
      webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
    });
  });
  process.stdin.on('end', () => process.exit(0)).resume();
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
}

function messages() {
  const item = (number) => `{"id":${number},"price":${number * 7},"symbol":"WEIR","text":"grüße 川"}`;
  const noise = Buffer.alloc(5000);
  for (let i = 0, state = 1; i < noise.length; i++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    noise[i] = state >> 16;
  }
  return [
    '',
    'short',
    ...[1, 2, 3, 4].map((number) => item(number).repeat(20)),
    noise,
    Buffer.alloc(200_000),
    item(5).repeat(5000),
    noise,
    item(1).repeat(20),
  ];
}

function talk(options) {
  return new Promise((resolve) => {
    const seen = { extensions: '', error: null };
    const expected = messages();
    const webSocket = new WebSocket(url, { perMessageDeflate: complete(options) });
    webSocket.on('upgrade', (response) => {
      seen.extensions = response.headers['sec-websocket-extensions'] ?? '';
    });
    webSocket.on('open', () => messages().forEach((message) => webSocket.send(message)));
    webSocket.on('message', (data, isBinary) => {
      try {
        assert.deepStrictEqual(isBinary ? data : data.toString(), expected.shift());
      } catch (error) {
        seen.error = error.message.slice(0, 500);
        webSocket.terminate();
      }
      if (expected.length === 0) {
        webSocket.close(1000);
      }
    });
    webSocket.on('error', (error) => {
      seen.error = error.message;
    });
    webSocket.on('close', (code) => {
      seen.error ??= code === 1000 && expected.length === 0 ? null : `closed with ${code}`;
      resolve(seen);
    });
  });
}

if (mode === 'serve') {
  serve();
} else {
  process.stdin.on('end', () => process.exit(1)).resume();
  for (const options of JSON.parse(optionsText)) {
    console.log(JSON.stringify(await talk(options)));
  }
  process.exit(0);
}
