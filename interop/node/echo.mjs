// A WebSocket server that sends every message back and does nothing else, for benchmarks/compare.
// With the argument "deflate" it accepts permessage-deflate, with "broadcast" it sends every message
// to all. Prints "port N" once it listens and ends with its standard input.

import { WebSocketServer } from 'ws';

const style = process.argv[2];
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  backlog: 4096,
  // All messages are compressed, as they are by the others.
  perMessageDeflate: style === 'deflate' && { threshold: 0 },
  maxPayload: 2 * 1024 * 1024,
});
server.on('connection', (webSocket) => {
  webSocket.on('error', () => {});
  webSocket.on('message', (data, isBinary) => {
    for (const each of style === 'broadcast' ? server.clients : [webSocket]) {
      each.send(data, { binary: isBinary });
    }
  });
});
server.on('listening', () => console.log(`port ${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
