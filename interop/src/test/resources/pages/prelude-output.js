// Stands for a page with <div id="output"></div>: what is put into it is printed.
var document = {
  querySelector(selector) {
    if (selector !== '#output') {
      return null;
    }
    return {
      insertAdjacentHTML(position, html) {
        console.log(html);
      },
    };
  },
};
