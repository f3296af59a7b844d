exampleSocket.addEventListener("close", (event) => {
  console.log("The connection has been closed successfully.");
});
