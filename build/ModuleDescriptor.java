import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sets the class file version of a module descriptor to Java 17's, where there is a descriptor. The
 * jar and javadoc plugins read it from inside Maven, which may run on Java 17, while the sources
 * need 21; the format of a descriptor is the same in both.
 */
final class ModuleDescriptor {
  private static final int MAJOR_VERSION_OFFSET = 6;
  private static final short JAVA_17 = 61;

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer.wrap(bytes).putShort(MAJOR_VERSION_OFFSET, JAVA_17);
      Files.write(file, bytes);
    }
  }
}
