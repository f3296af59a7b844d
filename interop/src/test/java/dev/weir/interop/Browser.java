package dev.weir.interop;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Chromium without a window, on a page of a web server of its own. Belongs to the thread that made
 * it.
 */
final class Browser implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--js-flags=--expose-gc");
  private static final byte[] PAGE =
      "<!doctype html><title>interop</title>".getBytes(StandardCharsets.UTF_8);

  private final HttpServer pages;
  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;
  private final BrowserContext context;

  /** Starts it. Certificates are not checked, since the tests make their own. */
  Browser() throws IOException {
    pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pages.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, PAGE.length);
          exchange.getResponseBody().write(PAGE);
          exchange.close();
        });
    pages.start();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PLAYWRIGHT_NODEJS_PATH",
                        Part.NODE.program().toString())));
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setHeadless(true)
                    .setExecutablePath(Part.CHROMIUM.program())
                    .setArgs(ARGUMENTS));
    context =
        chromium.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
  }

  /** The origin of its page, such as {@code http://127.0.0.1:4711}. */
  String origin() {
    return "http://127.0.0.1:" + pages.getAddress().getPort();
  }

  /**
   * Runs the body of an asynchronous function of {@code url} in a fresh page, and returns the JSON
   * value that it returns, as maps, lists, strings and numbers.
   */
  Object run(String url, String body) {
    try (Page page = context.newPage()) {
      page.navigate(origin() + "/");
      return page.evaluate("async (url) => {" + body + "}", url);
    }
  }

  /**
   * Runs plain scripts one after the other in a fresh page, where certificates are checked, and
   * returns what the promise of the expression resolves to.
   */
  String runScripts(List<String> scripts, String expression) {
    try (BrowserContext strict = chromium.newContext();
        Page page = strict.newPage()) {
      page.navigate(origin() + "/");
      for (String script : scripts) {
        page.addScriptTag(new Page.AddScriptTagOptions().setContent(script));
      }
      return (String) page.evaluate(expression);
    }
  }

  /** Opens a page with these scripts, one after the other. */
  BrowserPage open(List<Path> scripts) {
    return new BrowserPage(context, origin() + "/", scripts);
  }

  @Override
  public void close() {
    context.close();
    chromium.close();
    playwright.close();
    pages.stop(0);
  }
}
