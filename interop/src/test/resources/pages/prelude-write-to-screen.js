// Stands for the rest of the example that the page refers to.
function writeToScreen(message) {
  console.log(`<p>${message}</p>`);
}
