// A WebSocket server whose behaviour the path of the URL chooses. Prints {"port":N} once it listens
// and ends with its standard input, so that it can not outlive the process that started it.
//
//   /echo                                sends every message back; selects the first subprotocol,
//                                        and none with protocol=none
//   /headers                             sends the request's headers as JSON
//   /refuse?status=S                     answers the handshake with that status
//   /ping-and-close?code=C&reason=R      pings, and closes once the pong has come
//   /close?code=C&reason=R               closes at once
//   /close-after-message?code=C&reason=R closes after the first message
//   /terminate                           cuts the connection after the first message
//   /silent                              takes bytes in but never answers, not even a Close
//   /unread                              reads nothing until GET /resume?id=I
//   /flood?count=N&size=S                sends N binary messages as fast as they are taken, then
//                                        closes with 1000; each starts with its number, big endian
//
// Any of them takes id=I; GET /stats?id=I then tells what this side has done and seen,
// and GET /closed?id=I the same once it has closed:
// {"sent":bytes handed to the kernel,"received":payload bytes,"messages":N,"code":C,"reason":R,"pong":P}

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { WebSocketServer } from 'ws';

const [certificate, key] = process.argv.slice(2);
const server = certificate
  ? https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) })
  : http.createServer();
const webSockets = new WebSocketServer({
  server,
  maxPayload: 128 * 1024 * 1024,
  handleProtocols: (offered, request) =>
    request.url.includes('protocol=none') ? false : ([...offered][0] ?? false),
  verifyClient: ({ req }, done) => {
    const url = new URL(req.url, 'http://localhost');
    if (url.pathname === '/refuse') {
      done(false, Number(url.searchParams.get('status')), 'not today, thanks', { 'X-Why': 'tired' });
    } else {
      done(true);
    }
  },
});
const connections = new Map();

server.on('request', (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const connection = connections.get(url.searchParams.get('id'));
  if (!connection) {
    response.writeHead(404).end();
    return;
  }
  if (url.pathname === '/resume') {
    connection.webSocket.resume();
  }
  if (url.pathname === '/closed' && connection.code === null) {
    connection.webSocket.once('close', () => answer(connection, response));
  } else {
    answer(connection, response);
  }
});

function answer(connection, response) {
  const { socket, received, messages, code, reason, pong } = connection;
  const sent = socket.bytesWritten - socket.writableLength;
  response
    .writeHead(200, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ sent, received, messages, code, reason, pong }));
}

webSockets.on('connection', (webSocket, request) => {
  const url = new URL(request.url, 'http://localhost');
  const parameter = (name, otherwise) => url.searchParams.get(name) ?? otherwise;
  const connection = { webSocket, socket: request.socket, received: 0, messages: 0, code: null };
  connections.set(parameter('id', ''), connection);
  webSocket.on('error', () => {});
  webSocket.on('close', (code, reason) => {
    connection.code = code;
    connection.reason = reason.toString();
  });
  webSocket.on('message', (data) => {
    connection.received += data.length;
    connection.messages += 1;
  });
  const close = () => {
    const code = parameter('code', null);
    if (code === null) {
      webSocket.close();
    } else {
      webSocket.close(Number(code), parameter('reason', ''));
    }
  };
  switch (url.pathname) {
    case '/echo':
      webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
      break;
    case '/headers':
      webSocket.send(JSON.stringify(request.headers));
      break;
    case '/ping-and-close':
      webSocket.on('pong', (data) => {
        connection.pong = data.toString();
        close();
      });
      webSocket.ping('are you there?');
      break;
    case '/close':
      close();
      break;
    case '/close-after-message':
      webSocket.once('message', close);
      break;
    case '/terminate':
      webSocket.once('message', () => webSocket.terminate());
      break;
    case '/silent':
      request.socket.removeAllListeners('data');
      request.socket.on('data', (bytes) => {
        connection.received += bytes.length;
      });
      break;
    case '/unread':
      webSocket.pause();
      break;
    case '/flood':
      flood(webSocket, Number(parameter('count', '1')), Number(parameter('size', '65536')));
      break;
    default:
      webSocket.close(1008, 'no such behaviour');
  }
});

function flood(webSocket, count, size) {
  const enough = 4 * 1024 * 1024;
  let number = 0;
  const more = () => {
    while (number < count && webSocket.readyState === 1) {
      const message = Buffer.alloc(size);
      message.writeUInt32BE(number);
      number += 1;
      if (webSocket.bufferedAmount > enough) {
        webSocket.send(message, more);
        return;
      }
      webSocket.send(message);
    }
    webSocket.close(1000);
  };
  more();
}

process.stdin.on('end', () => process.exit(0)).resume();
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
