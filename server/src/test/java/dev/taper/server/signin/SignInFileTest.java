package dev.taper.server.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignInFileTest {
  private static final String WHOLE =
      """
      {"format": "taper/1 sign-in", "provider": "https://login.example.com", "client": "taper",
       "secret_file": "client.secret", "origins": ["https://taper.example.com"],
       "scopes": ["profile"], "life": "1h", "idle": "5m",
       "people": {"e-1": "user:erin@acme.com"}, "person": "user:{sub}",
       "roles": {"claim": "groups", "operator": ["ops", "leads"], "viewer": "staff"}}
      """;

  @TempDir Path folder;

  @Test
  void parse_whole_saysWhatItSays() {
    SignInFile file = SignInFile.parse(WHOLE, folder.resolve("sign-in.json"));
    assertThat(file.provider()).isEqualTo("https://login.example.com");
    assertThat(file.origins()).containsExactly("https://taper.example.com");
    assertThat(file.life()).isEqualTo(Duration.ofHours(1));
    assertThat(file.idle()).isEqualTo(Duration.ofMinutes(5));
    assertThat(file.client().secretFile()).isEqualTo(folder.resolve("client.secret"));
    assertThat(file.client().roles().values())
        .isEqualTo(
            Map.of(
                PersonRole.OPERATOR, Set.of("ops", "leads"), PersonRole.VIEWER, Set.of("staff")));
    assertThat(file.names())
        .isEqualTo(new PersonNames(Map.of("e-1", "user:erin@acme.com"), "user:{sub}"));
    assertThat(file.open("/", Clock.systemUTC())).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "taper/1 sign-in,taper/2 sign-in,format",
        "provider,supplier,provider",
        "\"client\":,\"clients\":,clients is no member of this format; did you mean client?",
        "\"provider\":,\"provder\":,provder is no member of this format; did you mean provider?",
        "scopes,scope,scope",
        "viewer,watcher,watcher",
        "\"claim\":,\"claims\":,claim",
        "\"life\": \"1h\",\"life\": 1,life",
        "{\"e-1\": \"user:erin@acme.com\"},[\"e-1\"],sign-in.json",
        "{\"e-1\": \"user:erin@acme.com\"},{\"e-1\": 1},people.e-1",
        "{\"e-1\": \"user:erin@acme.com\"},{\"e-1\": \"\"},people",
        "user:{sub},user:all,person",
      })
  void parse_wrongMember_saysWhere(String what, String with, String where) {
    String json = WHOLE.replace(what, with);
    assertThat(json).isNotEqualTo(WHOLE);
    assertThatThrownBy(() -> SignInFile.parse(json, folder.resolve("sign-in.json")))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining(where);
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example.com,http://login.example.com,provider",
    "https://login.example.com,login,provider",
    "https://taper.example.com,http://taper.example.com,origins",
    "https://taper.example.com,https://taper.example.com/,origins",
    "https://taper.example.com,https://taper..example.com,origins",
    "1h,13h,life or idle",
    "1h,soon,life",
  })
  void parse_unsafe_isRefusedWithItsPlace(String what, String with, String where) {
    Path file = folder.resolve("sign-in.json");
    assertThatThrownBy(() -> SignInFile.parse(WHOLE.replace(what, with), file))
        .isInstanceOf(OperationException.class)
        .hasMessageStartingWith(file + ": " + where + ": ");
  }

  @Test
  void read_fileThatOthersCanChange_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("sign-in.json"), WHOLE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path secret = Files.writeString(folder.resolve("client.secret"), "s3cret\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(SignInFile.read(file).provider()).isEqualTo("https://login.example.com");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
    assertThatThrownBy(() -> SignInFile.read(file))
        .isInstanceOf(OperationException.class)
        .extracting("code")
        .isEqualTo("config_exposed");
  }

  @Test
  void secret_fileThatOthersCanRead_isRefused() throws Exception {
    Path secret = Files.writeString(folder.resolve("client.secret"), "s3cret\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    SignInClient client = SignInFile.parse(WHOLE, folder.resolve("sign-in.json")).client();
    assertThatThrownBy(client::secret).isInstanceOf(TaperException.class);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(Objects.requireNonNull(client.secret())).isEqualTo("s3cret");
  }

  @Test
  void read_secretThatIsNotThereOrExposed_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("sign-in.json"), WHOLE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> SignInFile.read(file))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("client.secret");
    Path secret = Files.writeString(folder.resolve("client.secret"), "s3cret\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> SignInFile.read(file)).isInstanceOf(TaperException.class);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(SignInFile.read(file).client().id()).isNotEmpty();
  }
}
