package dev.taper.cli.revocation;

import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.RevocationListInput;
import dev.taper.TaperException;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Place;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.io.Stores;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.FileSource;
import dev.taper.revocation.HttpSource;
import dev.taper.revocation.LiftedEntry;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationKind;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
import dev.taper.revocation.RevocationSource.Content;
import dev.taper.revocation.RevocationStatus;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.SignedLists;
import dev.taper.store.LazyRevocations;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads revocation lists: to show them, to check them, and for verifiers. */
public final class RevocationsService {
  private final Console console;

  /** Works in the given console. */
  public RevocationsService(Console console) {
    this.console = console;
  }

  /** Shows what a list says. */
  public ExitCode show(RevocationListInput input, boolean withEntries, boolean json) {
    SignedLists file = SignedLists.read(bytes(input), issuers(input));
    RevocationHeader latest = file.latest();
    if (latest == null) {
      throw CliException.io("the revocation list is empty", null);
    }
    if (json) {
      Json.object(console.out(), out -> RevocationJson.write(out, file, withEntries, now()));
      return ExitCode.OK;
    }
    long snapshots = file.headers().stream().filter(header -> !header.delta()).count();
    console.out().println("number " + latest.sequence() + ", signed by " + latest.issuer());
    line("issued", latest.issued());
    line("next update", latest.nextUpdate());
    line("stale after", latest.staleAfter());
    console
        .out()
        .println(
            "  "
                + snapshots
                + " snapshot"
                + (snapshots == 1 ? "" : "s")
                + ", "
                + (file.headers().size() - snapshots)
                + " deltas");
    for (RevocationKind kind : RevocationKind.values()) {
      long count = file.entries().stream().filter(entry -> entry.kind() == kind).count();
      console.out().println("  " + kind.text() + ": " + count);
    }
    if (!file.lifted().isEmpty()) {
      console.out().println("  lifted: " + file.lifted().size());
    }
    if (withEntries) {
      for (RevocationEntry entry : file.entries()) {
        String until = entry.until() == null ? "no end" : "until " + entry.until();
        console.out().println("  " + entry.kind().text() + " " + entry.fingerprint() + " " + until);
      }
      for (LiftedEntry entry : file.lifted()) {
        console
            .out()
            .println(
                "  lifted: "
                    + entry.kind().text()
                    + " "
                    + entry.fingerprint()
                    + " "
                    + SafeText.line(entry.reason()));
      }
    }
    return ExitCode.OK;
  }

  /** Takes a list as a verifier does; whether it can be relied on is the exit code. */
  public ExitCode verify(RevocationListInput input, boolean json) {
    RevocationList list = load(input, console.clock());
    RevocationHeader latest = Objects.requireNonNull(list.latest());
    RevocationStatus status = list.check(List.of(), now()).status();
    boolean fresh = status == RevocationStatus.FRESH;
    if (json) {
      Json.object(
          console.out(),
          out -> {
            out.writeStringField("status", status.text());
            out.writeNumberField("sequence", latest.sequence());
            out.writeNumberField("entries", list.size());
            out.writeStringField("stale_after", latest.staleAfter().toString());
          });
    } else {
      Style style = Style.out(console);
      console
          .out()
          .println(
              (fresh ? style.good("FRESH") : style.bad(status.name()))
                  + "  number "
                  + latest.sequence()
                  + ", "
                  + list.size()
                  + " entries, stale "
                  + HumanTime.fromNow(latest.staleAfter(), now()));
    }
    return fresh ? ExitCode.OK : ExitCode.DENIED;
  }

  /**
   * Takes a list to look up what is living, and says so if it cannot be relied on.
   *
   * @throws CliException if it cannot be read
   * @throws TaperException if it is refused
   */
  public Revocations lookUp(RevocationListInput input) {
    RevocationList list = load(input, console.clock());
    RevocationStatus status = list.check(List.of(), now()).status();
    if (status != RevocationStatus.FRESH) {
      console
          .err()
          .println(
              "taper: note: the revocation list is "
                  + status.text()
                  + ": what it does not name may be revoked by now");
    }
    return list;
  }

  /**
   * Takes a list.
   *
   * @throws CliException if it cannot be read
   * @throws TaperException if it is refused
   */
  public RevocationList load(RevocationListInput input, Clock clock) {
    RevocationList.Builder builder =
        RevocationList.trusting(issuers(input).toArray(new PublicKey[0])).clock(clock);
    RevocationList list =
        (input.memory() == null
                ? builder.forgottenAtRestart()
                : builder.rememberedIn(console.resolve(input.memory())))
            .build();
    read(input, list::apply);
    return list;
  }

  private byte[] bytes(RevocationListInput input) {
    return read(input, InputStream::readAllBytes);
  }

  /** What is done with the bytes of a list. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(InputStream lists) throws IOException;
  }

  private <T> T read(RevocationListInput input, Reading<T> reading) {
    Place place = input.place();
    try {
      if (place instanceof Place.Sql sql) {
        try (LazyRevocations source = Stores.revocations(console, sql)) {
          return read(source, reading);
        }
      } else if (place instanceof Place.Web web) {
        return read(HttpSource.of(uri(web)), reading);
      }
      return read(FileSource.of(console.resolve(((Place.File) place).name())), reading);
    } catch (IOException e) {
      throw CliException.io(
          "cannot read the revocation list " + place.shown() + ": " + reason(e), e);
    }
  }

  /** A refused connection comes without a message. */
  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private static <T> T read(RevocationSource source, Reading<T> reading) throws IOException {
    Content content = source.fetch(null, 0);
    if (content == null) {
      throw new IOException("no list has been signed there yet");
    }
    try (InputStream lists = content.lists()) {
      return reading.read(lists);
    }
  }

  private static URI uri(Place.Web web) {
    try {
      return URI.create(web.url());
    } catch (IllegalArgumentException e) {
      throw CliException.usage("not a URL: " + web.shown());
    }
  }

  private List<PublicKey> issuers(RevocationListInput input) {
    Keys keys = new Keys(console, new Inputs(console));
    List<PublicKey> issuers = new ArrayList<>();
    for (KeyInput key : input.issuers()) {
      issuers.add(keys.publicKey(key));
    }
    return issuers;
  }

  private void line(String name, Instant time) {
    console.out().println("  " + name + ": " + time + " (" + HumanTime.fromNow(time, now()) + ")");
  }

  private Instant now() {
    return console.clock().instant();
  }
}
