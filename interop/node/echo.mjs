// A WebSocket server that sends every message back and does nothing else, for benchmarks/compare.
// Prints "port N" once it listens and ends with its standard input.

import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  backlog: 4096,
  perMessageDeflate: false,
  maxPayload: 2 * 1024 * 1024,
});
server.on('connection', (webSocket) => {
  webSocket.on('error', () => {});
  webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
});
server.on('listening', () => console.log(`port ${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
