package dev.taper.cli.service;

import dev.taper.TaperException;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Style;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.FileSource;
import dev.taper.revocation.HttpSource;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationKind;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.RevocationSource;
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
    RevocationFile file = RevocationFile.parse(bytes(input), issuers(input));
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
    if (withEntries) {
      for (RevocationEntry entry : file.entries()) {
        String until = entry.until() == null ? "no end" : "until " + entry.until();
        console.out().println("  " + entry.kind().text() + " " + entry.fingerprint() + " " + until);
      }
    }
    return ExitCode.OK;
  }

  /** Takes a list as a verifier does; whether it can be relied on is the exit code. */
  public ExitCode verify(RevocationListInput input, boolean json) {
    RevocationList list = load(input, console.clock());
    RevocationHeader latest = Objects.requireNonNull(list.latest());
    boolean stale = latest.stale(now());
    if (json) {
      Json.object(
          console.out(),
          out -> {
            out.writeStringField("status", stale ? "stale" : "fresh");
            out.writeNumberField("sequence", latest.sequence());
            out.writeNumberField("entries", list.size());
            out.writeStringField("stale_after", latest.staleAfter().toString());
          });
    } else {
      Style style = Style.out(console);
      console
          .out()
          .println(
              (stale ? style.bad("STALE") : style.good("FRESH"))
                  + "  number "
                  + latest.sequence()
                  + ", "
                  + list.size()
                  + " entries, stale "
                  + HumanTime.fromNow(latest.staleAfter(), now()));
    }
    return stale ? ExitCode.DENIED : ExitCode.OK;
  }

  /**
   * Takes a list.
   *
   * @throws CliException if it cannot be read
   * @throws TaperException if it is refused
   */
  RevocationList load(RevocationListInput input, Clock clock) {
    RevocationList.Builder builder =
        RevocationList.trusting(issuers(input).toArray(new PublicKey[0])).clock(clock);
    RevocationList list =
        (input.memory() == null
                ? builder.forgottenAtRestart()
                : builder.rememberedIn(console.resolve(input.memory())))
            .build();
    try (InputStream lists = open(input)) {
      list.apply(lists);
    } catch (IOException e) {
      throw unreadable(input, e);
    }
    return list;
  }

  private byte[] bytes(RevocationListInput input) {
    try (InputStream lists = open(input)) {
      return lists.readAllBytes();
    } catch (IOException e) {
      throw unreadable(input, e);
    }
  }

  private InputStream open(RevocationListInput input) throws IOException {
    String location = input.location();
    RevocationSource source =
        location.startsWith("http://") || location.startsWith("https://")
            ? HttpSource.of(uri(location))
            : FileSource.of(console.resolve(location));
    return Objects.requireNonNull(source.fetch(null, 0)).lists();
  }

  private static URI uri(String location) {
    try {
      return URI.create(location);
    } catch (IllegalArgumentException e) {
      throw CliException.usage("not a URL: " + Source.shown(location));
    }
  }

  private static CliException unreadable(RevocationListInput input, IOException e) {
    return CliException.io(
        "cannot read the revocation list " + Source.shown(input.location()) + ": " + e.getMessage(),
        e);
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
