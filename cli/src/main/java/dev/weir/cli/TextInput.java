package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes one text message of all of a stream of UTF-8. Not thread-safe. */
final class TextInput implements MessageInput {
  private final BinaryInput all;

  TextInput(InputStream in, int limit) {
    this.all = new BinaryInput(in, true, limit);
  }

  @Override
  public @Nullable Message next() throws IOException {
    if (!(all.next() instanceof Message.Binary(byte[] bytes))) {
      return null;
    }
    try {
      return Message.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new IOException("the input is not UTF-8", e);
    }
  }
}
