// A WebSocket client that does what it is told and prints what it saw, as one line of JSON:
//
//   client.mjs URL {"protocols":[],"send":["text",{"binary":N}],"expect":M,"close":[C,"R"],
//                   "origin":"O"}
//
// sends texts and binary messages of N zero bytes, waits for M messages, closes (unless "close" is
// missing: then it waits for the peer to close), and prints
// {"messages":["text",{"binary":N}],"code":C,"reason":"R","protocol":"P","error":null}

import WebSocket from 'ws';

const [url, task] = process.argv.slice(2);
const { protocols = [], send = [], expect = 0, close, origin } = JSON.parse(task);
const seen = { messages: [], code: null, reason: null, protocol: null, error: null };
const webSocket = new WebSocket(url, protocols, {
  maxPayload: 128 * 1024 * 1024,
  rejectUnauthorized: false,
  origin,
});

const closeWhenAllCame = () => {
  if (close && seen.messages.length === expect) {
    webSocket.close(...close);
  }
};
webSocket.on('open', () => {
  seen.protocol = webSocket.protocol;
  for (const message of send) {
    webSocket.send(typeof message === 'string' ? message : Buffer.alloc(message.binary));
  }
  closeWhenAllCame();
});
webSocket.on('message', (data, isBinary) => {
  seen.messages.push(isBinary ? { binary: data.length } : data.toString());
  closeWhenAllCame();
});
webSocket.on('error', (error) => {
  seen.error = error.message;
});
webSocket.on('close', (code, reason) => {
  seen.code = code;
  seen.reason = reason.toString();
  console.log(JSON.stringify(seen));
  process.exit(0);
});
process.stdin.on('end', () => process.exit(1)).resume();
