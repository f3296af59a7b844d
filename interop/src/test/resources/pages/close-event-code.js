WebSocket.onclose = (event) => {
  console.log(event.code);
};
