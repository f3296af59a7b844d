package dev.weir.websocket.files;

import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.PlainRequest;
import dev.weir.websocket.spi.PlainRequestHandler;
import dev.weir.websocket.spi.PlainResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files below a folder by GET and HEAD. Thread-safe.
 *
 * <p>Nothing outside of the folder is served, nor anything whose name or folder's name begins with
 * a dot, also where a symbolic link within leads to it; nor what is no regular file. A folder is
 * its index.html; there are no listings.
 */
public final class StaticFiles implements PlainRequestHandler {
  private static final String INDEX = "index.html";
  private static final String NO_FILE = "There is no file at this path.\n";

  private final Path root;
  private final InstantSource clock;

  /**
   * Serves this folder.
   *
   * @throws IOException if it is none, or can not be read
   */
  public StaticFiles(Path folder, InstantSource clock) throws IOException {
    try {
      this.root = folder.toRealPath();
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException("there is no folder " + folder);
    }
    if (!Files.isDirectory(root)) {
      throw new NotDirectoryException(folder + " is no folder");
    }
    this.clock = clock;
  }

  @Override
  public PlainResponse respond(PlainRequest request) throws IOException {
    boolean head = request.method().equals("HEAD");
    if (!head && !request.method().equals("GET")) {
      return text(405, dated("Allow", "GET, HEAD"), "Files are read by GET and HEAD.\n");
    }
    PlainResponse response = get(request);
    return head ? response.withoutContent() : response;
  }

  private PlainResponse get(PlainRequest request) throws IOException {
    RequestPath asked = RequestPath.read(request.path()).orElse(null);
    if (asked == null) {
      return text(404, dated(), NO_FILE);
    }
    try {
      Path real = locate(asked, asked.folder());
      if (real == null) {
        return locate(asked, true) == null
            ? text(404, dated(), NO_FILE)
            : text(
                301,
                dated("Location", withSlash(request)),
                "This folder's path ends with a slash.\n");
      }
      return file(real, asked.fileName(INDEX), request);
    } catch (AccessDeniedException e) {
      return text(403, dated(), "This file can not be read.\n");
    } catch (FileSystemException | InvalidPathException e) {
      // No such file, one of its folders is a file, links in a circle, a name too long.
      return text(404, dated(), NO_FILE);
    }
  }

  /** The file that the path names, or that in the folder, with all links followed; null if none. */
  private @Nullable Path locate(RequestPath asked, boolean folder) throws IOException {
    Path path = root;
    for (String name : asked.names()) {
      path = path.resolve(name);
    }
    if (folder) {
      path = path.resolve(INDEX);
    }
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      return null;
    }
    // A pipe or a device may never come to its end, or hold up whoever opens it.
    return real.startsWith(root)
            && !isHidden(root.relativize(real))
            && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)
        ? real
        : null;
  }

  /** Whether a link has led to what could not be asked for by its own name. */
  private static boolean isHidden(Path belowRoot) {
    for (Path name : belowRoot) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String withSlash(PlainRequest request) {
    String path = request.path();
    return path + "/" + request.target().substring(path.length());
  }

  private PlainResponse file(Path real, String name, PlainRequest request) throws IOException {
    // The link that was followed must not become another between the check and the opening.
    InputStream content = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var validators = Validators.of(attributes.lastModifiedTime().toInstant(), attributes.size());
      Headers headers =
          dated(
              "Last-Modified",
              HttpDate.write(validators.lastModified()),
              "ETag",
              validators.entityTag(),
              // Asked for again each time: a page that is being worked on must not be an old one.
              "Cache-Control",
              "no-cache");
      if (validators.areMetBy(request.headers(), clock.instant())) {
        content.close();
        return new PlainResponse(304, headers, 0, InputStream.nullInputStream());
      }
      Headers typed =
          headers.toBuilder()
              .add("Content-Type", ContentType.of(name))
              .add("X-Content-Type-Options", "nosniff")
              .build();
      return new PlainResponse(200, typed, attributes.size(), content);
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private PlainResponse text(int status, Headers headers, String text) {
    return PlainResponse.text(
        status, headers.toBuilder().add("X-Content-Type-Options", "nosniff").build(), text);
  }

  private Headers dated(String... namesAndValues) {
    return Headers.of("Date", HttpDate.write(clock.instant())).toBuilder()
        .addAll(Headers.of(namesAndValues))
        .build();
  }
}
