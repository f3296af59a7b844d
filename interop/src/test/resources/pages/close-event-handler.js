exampleSocket.onclose = (event) => {
  console.log("The connection has been closed successfully.");
};
