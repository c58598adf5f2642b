package dev.taper.server.issuer.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import dev.taper.server.signin.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedNamesTest {
  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final PrivateKey registrar = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);

  private static IncomingRequest asked(String method, String target) {
    return IncomingRequest.of(method, target, false, Map.of(), new byte[0]);
  }

  private String signed(long number) {
    return NamesFile.builder()
        .number(number)
        .agent("agent:planner", planner.publicKey())
        .build()
        .sign(registrar);
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("names.json"), text);
  }

  private static @Nullable String text(PublishedNames names) {
    HttpAnswer answer = names.answer(asked("GET", PublishedNames.PATH));
    return answer == null ? null : new String(answer.content(), StandardCharsets.UTF_8);
  }

  @Test
  void answer_signedFile_isThatByteByByte() throws Exception {
    String text = signed(7) + " \n";
    PublishedNames names = PublishedNames.of(file(text), clock);
    assertThat(text(names)).isEqualTo(text);
    assertThat(names.answer(asked("GET", "/.well-known/taper"))).isNull();
    assertThat(names.answer(asked("POST", PublishedNames.PATH))).isNull();
  }

  @Test
  void of_unsignedFile_isRefused() throws Exception {
    Path file = file(NamesFile.parse(signed(7)).withNumber(7).write());
    assertThatThrownBy(() -> PublishedNames.of(file, clock))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("not signed");
  }

  @Test
  void answer_fileChanges_isTheNewerOne() throws Exception {
    PublishedNames names = PublishedNames.of(file(signed(7)), clock);
    file(signed(8));
    clock.pass(Duration.ofSeconds(2));
    assertThat(text(names)).isEqualTo(signed(8));
    file(signed(6));
    clock.pass(Duration.ofSeconds(2));
    assertThat(text(names)).isEqualTo(signed(8));
    file("{}");
    clock.pass(Duration.ofSeconds(2));
    assertThat(text(names)).isEqualTo(signed(8));
  }
}
