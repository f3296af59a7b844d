package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the bytes are cut makes no difference to what they mean. */
@Rule({"P1", "6455-6.2-1"})
class SplitTest {
  private record Course(String events, String sent) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Each kind of frame and length, messages in fragments, control frames between.
        "818537fa213d7f9f4d5158 898137fa213d06 018137fa213d56 8a8037fa213d 808137fa213d55",
        "82fe007e00000000"
            + "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
            + "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
            + "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
            + "00112233445566778899aabbccddeeff00112233445566778899aabbccdd",
        // Text of four-byte characters, then the Close with a reason.
        "818801020304 f19d9b84f19d9b84 888501020304 02ea61666e",
        // Bad UTF-8 in the middle of a frame; a bad reason; a body of one byte.
        "818a00000000 6162c3ff646566676869 888000000000",
        "888400000000 03e8c328 898000000000",
        "888100000000 03",
        // Each breach of a header.
        "818100000000 61 c18000000000",
        "818100000000 61 838000000000",
        "818100000000 61 098000000000",
        "818100000000 61 8100",
        "818100000000 61 88fe007e00000000",
        "818100000000 61 82fe007d00000000",
        "818100000000 61 82ff000000000000ffff00000000",
        "818100000000 61 82ff800000000000000000000000",
        "818100000000 61 82ff000000000100000100000000",
        "818100000000 61 808000000000",
        "018100000000 61 818000000000",
      })
  void everySplitOfALiteralSessionGivesTheSameCourse(String hex) {
    byte[] session = DrivenConnection.bytes(hex);
    Course whole = course(Role.SERVER, session, session.length);
    assertThat(whole.events).isNotEqualTo("[]");
    for (int first = 0; first <= session.length; first++) {
      for (int second = first; second <= session.length; second++) {
        assertThat(course(Role.SERVER, session, first, second))
            .as("split at %d and %d", first, second)
            .isEqualTo(whole);
      }
    }
    assertThat(byteByByte(Role.SERVER, session)).isEqualTo(whole);
  }

  @Test
  void everySplitOfARandomSessionGivesTheSameCourse() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Role role = random.nextBoolean() ? Role.CLIENT : Role.SERVER;
      Sessions sessions = new Sessions(random, role);
      byte[] session =
          switch (random.nextInt(4)) {
            case 0 -> sessions.mutated();
            case 1 -> sessions.noise();
            default -> sessions.valid();
          };
      Course whole = course(role, session, session.length);
      assertThat(byteByByte(role, session)).as("seed %d, byte by byte", seed).isEqualTo(whole);
      int step = Math.max(1, session.length / 100);
      for (int split = 0; split <= session.length; split += step) {
        assertThat(course(role, session, split))
            .as("seed %d, split at %d", seed, split)
            .isEqualTo(whole);
      }
      int[] cuts = random.ints(5, 0, session.length + 1).sorted().toArray();
      assertThat(course(role, session, cuts))
          .as("seed %d, cut at %s", seed, Arrays.toString(cuts))
          .isEqualTo(whole);
    }
  }

  private static Course byteByByte(Role role, byte[] session) {
    int[] cuts = new int[session.length];
    Arrays.setAll(cuts, i -> i);
    return course(role, session, cuts);
  }

  private static Course course(Role role, byte[] session, int... cuts) {
    DrivenConnection connection = DrivenConnection.of(role);
    int from = 0;
    for (int cut : cuts) {
      connection.receive(Arrays.copyOfRange(session, from, cut));
      from = cut;
    }
    connection.receive(Arrays.copyOfRange(session, from, session.length));
    connection.inputShut();
    assertThat(connection.isClosed()).isTrue();
    return new Course(connection.events().toString(), connection.sent());
  }
}
