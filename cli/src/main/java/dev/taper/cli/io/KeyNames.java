package dev.taper.cli.io;

import dev.taper.TaperException;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Shows keys with the names that a file of names has for them. Only whole keys are looked up: the
 * start of one can be anybody's.
 *
 * @param names the file, or null for none
 */
public record KeyNames(@Nullable NamesFile names) {
  /** No names. */
  public static final KeyNames NONE = new KeyNames(null);

  private static final Pattern KEY =
      Pattern.compile("(?:ed25519/[0-9a-f]{64}|secp256r1/[0-9a-f]{66})(?![0-9a-f])");

  /** What the file calls a key, behind its text; empty without a file. */
  public String behind(PublicKey key) {
    if (names == null) {
      return "";
    }
    String name = names.name(key);
    return name == null ? " (not among the names)" : " (" + name + ")";
  }

  /** A text with the names behind all keys that the file knows. */
  public String in(String text) {
    if (names == null) {
      return text;
    }
    Matcher found = KEY.matcher(text);
    StringBuilder named = new StringBuilder();
    while (found.find()) {
      String name = name(found.group());
      String key = name == null ? found.group() : found.group() + " (" + name + ")";
      found.appendReplacement(named, Matcher.quoteReplacement(key));
    }
    return found.appendTail(named).toString();
  }

  private @Nullable String name(String key) {
    try {
      return names == null ? null : names.name(PublicKey.parse(key));
    } catch (TaperException e) {
      return null; // no point of the curve
    }
  }

  /** A console on which texts for people have the names. */
  public Console on(Console console) {
    if (names == null) {
      return console;
    }
    PrintStream out = new PrintStream(new Lines(console.out()), true, StandardCharsets.UTF_8);
    return console.with(console.in(), out, console.err());
  }

  /** Passes on whole lines, each with its names. */
  private final class Lines extends FilterOutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Lines(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      line.write(b);
      if (b == '\n') {
        pass();
      }
    }

    @Override
    public void flush() throws IOException {
      if (line.size() > 0) {
        pass();
      }
      out.flush();
    }

    private void pass() throws IOException {
      out.write(in(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
      line.reset();
    }
  }
}
