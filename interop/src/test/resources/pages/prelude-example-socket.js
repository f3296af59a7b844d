// The variable that the page supposes: an open WebSocket.
var exampleSocket = new WebSocket('ws://127.0.0.1/');
