package dev.taper.assurance;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import dev.taper.server.issuer.Person;
import dev.taper.server.issuer.SeenPeople;
import dev.taper.server.issuer.enrol.Enrolment;
import dev.taper.server.issuer.enrol.EnrolmentException;
import dev.taper.server.issuer.enrol.EnrolmentText;
import dev.taper.server.issuer.enrol.RequestedName;
import dev.taper.server.issuer.enrol.WorkloadRule;
import dev.taper.server.issuer.enrol.WorkloadText;
import dev.taper.server.signin.FormFields;
import dev.taper.server.signin.StrictPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The readers of what browsers and enrolling agents send, and of who is enrolled. */
final class PeopleReaders {
  private static final String FORM = "application/x-www-form-urlencoded";

  /** Of whom is asked, and the name of the file about this person. */
  private static final String PERSON = "user:alice";

  private static final String KEPT =
      HexFormat.of().formatHex(Digests.sha256(PERSON.getBytes(StandardCharsets.UTF_8))) + ".json";

  private PeopleReaders() {}

  /** A form of a page, whose texts are shown. */
  static boolean form(byte[] input) {
    Map<String, String> fields =
        FormFields.of(
            IncomingRequest.of("POST", "/confirm", false, Map.of("content-type", FORM), input));
    if (fields == null) {
      return false;
    }
    for (String value : fields.values()) {
      String shown = StrictPage.shown(value);
      String inside = shown.substring("<bdi>".length(), shown.length() - "</bdi>".length());
      boolean isText = inside.chars().noneMatch(c -> c == '<' || c == '>' || c == '"');
      Laws.same("text stays text", true, isText);
      Laws.same("text stays short", true, shown.length() < 20_000);
    }
    return true;
  }

  /** What an agent asks for when it enrols. */
  static boolean details(byte[] input) {
    try {
      String name = RequestedName.read(Laws.utf8(input));
      Laws.same("an agent's name", true, name.startsWith("agent:"));
      return true;
    } catch (EnrolmentException e) {
      Laws.same("the only refusal", "invalid_authorization_details", e.code());
      return false;
    }
  }

  /** A file of enrolments. */
  static boolean enrolments(byte[] input) {
    List<Enrolment> read = operated(() -> EnrolmentText.read(Laws.utf8(input)));
    if (read == null) {
      return false;
    }
    Laws.same("a written file reads the same", read, EnrolmentText.read(EnrolmentText.write(read)));
    return true;
  }

  /** A file of workloads, whose rules keep their bounds. */
  static boolean workloads(byte[] input) {
    List<WorkloadRule> read = operated(() -> WorkloadText.read(Laws.utf8(input)));
    if (read == null) {
      return false;
    }
    StringJoiner written =
        new StringJoiner(",", "{\"format\":\"taper/1 workloads\",\"workloads\":[", "]}");
    for (WorkloadRule rule : read) {
      Laws.same("an agent's name", true, rule.name().startsWith("agent:"));
      Laws.same("one star", true, stars(rule.subject()) <= 1);
      Laws.same("none in the name alone", true, stars(rule.name()) <= stars(rule.subject()));
      Duration life = rule.life();
      Laws.same("an end", true, life.toMillis() > 0 && life.compareTo(Duration.ofDays(90)) <= 0);
      written.add(
          new JsonText()
              .text("issuer", rule.issuer())
              .text("audience", rule.audience())
              .text("subject", rule.subject())
              .text("name", rule.name())
              .text("life", life.toMillis() + "ms")
              .toString());
    }
    Laws.same("a written file reads the same", read, WorkloadText.read(written.toString()));
    return true;
  }

  private static long stars(String text) {
    return text.chars().filter(c -> c == '*').count();
  }

  /** What an issuer keeps of a person, in a folder of its own. */
  static boolean person(byte[] input) {
    return MemoryReaders.with(KEPT, input, PeopleReaders::kept);
  }

  private static boolean kept(Path folder) {
    try {
      Files.setPosixFilePermissions(
          folder.resolve(KEPT), PosixFilePermissions.fromString("rw-------"));
      Path another = Files.createDirectory(folder.resolve("another"));
      Optional<Person> read =
          Laws.read(
              () -> Objects.requireNonNull(SeenPeople.inFolder(folder).get(PERSON)),
              ErrorCode.FILE_UNAVAILABLE);
      read.ifPresent(
          person -> {
            Laws.same("it is about whom it is kept for", PERSON, person.delegator());
            SeenPeople.inFolder(another).put(person, Instant.EPOCH);
            Laws.same(
                "what is kept again reads the same",
                person,
                Objects.requireNonNull(SeenPeople.inFolder(another).get(PERSON)));
          });
      return read.isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> @Nullable T operated(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (OperationException e) {
      Laws.same("the only refusal", "usage", e.code());
      return null;
    }
  }
}
