package dev.taper.cli.io;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.token.UnverifiedToken;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads and writes tokens and what belongs to them, as bytes or text. */
public final class Tokens {
  private final Inputs inputs;
  private final Outputs outputs;

  public Tokens(Inputs inputs, Outputs outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Reads a token. */
  public UnverifiedToken read(EncodedInput input) {
    return read(input, UnverifiedToken::decode, UnverifiedToken::decode);
  }

  /**
   * Reads something encoded.
   *
   * @param input where it comes from
   * @param bytes decodes its bytes
   * @param text decodes its base64url text
   */
  public <T> T read(EncodedInput input, Function<byte[], T> bytes, Function<String, T> text) {
    byte[] read = inputs.bytes(input.source(), InputKind.TOKEN);
    try {
      return read(read, input.raw(), bytes, text);
    } catch (TaperException e) {
      String other = OtherKind.recognise(read);
      throw other == null ? e : new CliException(ExitCode.INVALID_TOKEN, e.code().text(), other, e);
    } catch (CliException e) {
      String other = OtherKind.recognise(read);
      throw other == null ? e : new CliException(e.exit(), e.code(), other, e);
    }
  }

  private static <T> T read(
      byte[] read, boolean isRawSaid, Function<byte[], T> bytes, Function<String, T> text) {
    if (isRawSaid) {
      return checked(() -> bytes.apply(read));
    }
    if (isRaw(read)) {
      try {
        return checked(() -> bytes.apply(read));
      } catch (TaperException | CliException e) {
        String unused = Inputs.text(read, InputKind.TOKEN); // what is no text is said to be none
        throw e;
      }
    }
    String base64 = Inputs.text(read, InputKind.TOKEN).strip();
    return checked(() -> text.apply(base64));
  }

  /** True for what no base64url text is: every token in bytes has such a byte. */
  private static boolean isRaw(byte[] bytes) {
    for (byte b : bytes) {
      if (b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return true; // also all above 0x7f, which are negative
      }
    }
    return false;
  }

  /**
   * Runs a reader of tokens. A bad key inside a token makes the token malformed; it is not a key
   * that was given on the command line.
   */
  public static <T> T checked(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (TaperException e) {
      if (e.code().category() == ErrorCode.Category.KEY) {
        throw new CliException(
            ExitCode.INVALID_TOKEN, e.code().text(), String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  /**
   * Writes something encoded.
   *
   * @param target where it goes
   * @param bytes encodes it as bytes
   * @param text encodes it as base64url text
   */
  public void write(OutputOptions target, Supplier<byte[]> bytes, Supplier<String> text) {
    if (!target.json()) {
      write(target.file(), target.raw(), bytes, text);
    } else if (!target.raw()) {
      outputs.result(target.file(), text.get(), true);
    } else if (target.file() == null || target.file().equals("-")) {
      throw CliException.usage("--json has no room for raw bytes: use --raw with --out FILE");
    } else {
      outputs.secretBytes(target.file(), bytes.get());
      outputs.written(target.file());
    }
  }

  /**
   * Writes something encoded.
   *
   * @param file the file, or null for standard output
   * @param raw whether to write bytes instead of base64url text
   * @param bytes encodes it as bytes
   * @param text encodes it as base64url text
   */
  public void write(
      @Nullable String file, boolean raw, Supplier<byte[]> bytes, Supplier<String> text) {
    if (raw) {
      outputs.secretBytes(file, bytes.get());
    } else {
      outputs.secretText(file, text.get());
    }
  }
}
