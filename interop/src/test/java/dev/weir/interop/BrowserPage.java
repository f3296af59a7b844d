package dev.weir.interop;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A page of Chromium with an element {@code #output}, and what its scripts show. Belongs to the
 * thread that made it.
 */
final class BrowserPage implements AutoCloseable {
  /** What is put into the element is shown among the lines of the console, in order. */
  private static final String OUTPUT =
      """
      const div = document.createElement('div');
      div.id = 'output';
      div.insertAdjacentHTML = (position, html) => console.log(html);
      document.body.append(div);
      """;

  private final Page page;
  private final List<String> lines = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  BrowserPage(BrowserContext context, String url, List<Path> scripts) {
    page = context.newPage();
    page.onConsoleMessage(
        message -> (message.type().equals("error") ? errors : lines).add(message.text()));
    page.onPageError(errors::add);
    page.navigate(url);
    page.evaluate("() => {" + OUTPUT + "}");
    for (Path script : scripts) {
      page.addScriptTag(new Page.AddScriptTagOptions().setPath(script));
    }
  }

  /** What {@code console.log} and the element have shown. */
  List<String> lines() {
    return lines;
  }

  /** What {@code console.error} has shown, and what no script has caught. */
  List<String> errors() {
    return errors;
  }

  Object evaluate(String expression) {
    return page.evaluate(expression);
  }

  void await(BooleanSupplier condition) {
    page.waitForCondition(
        condition,
        new Page.WaitForConditionOptions().setTimeout(TimeUnit.SECONDS.toMillis(Weir.SECONDS)));
  }

  @Override
  public void close() {
    page.close();
  }
}
